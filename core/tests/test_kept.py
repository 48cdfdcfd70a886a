"""What is kept for a second, and what ends that."""

import time

import pytest

from core import changes, kept


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(kept, "SECONDS", 1.0)
    return []


@pytest.fixture
def square(asked):
    @kept.kept
    def square(number):
        asked.append(number)
        return number**2

    return square


def test_it_is_asked_once_a_second_for_each_argument(square, asked, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])
    assert [square(3), square(3), square(4)] == [9, 9, 16]
    assert asked == [3, 4]
    now[0] += 1.01
    assert square(3) == 9
    assert asked == [3, 4, 3]


def test_a_change_ends_it(square, asked):
    square(3)
    changes.changed()
    changes.Heard.look_at = 0.0
    square(3)
    assert asked == [3, 3]


def test_a_change_is_heard_within_a_second(monkeypatch):
    before = changes.version()
    changes.changed()
    time.sleep(changes.LOOK)
    assert changes.version() != before


def test_what_was_begun_before_a_change_is_not_kept_after_it(asked):
    @kept.kept
    def slow():
        changes.changed()
        changes.Heard.look_at = 0.0
        asked.append(1)

    slow()
    slow()
    assert len(asked) == 2


def test_an_error_is_not_kept(asked):
    @kept.kept
    def fails():
        asked.append(1)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fails()
    assert len(asked) == 2


def test_it_keeps_no_more_than_it_may(square, asked, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(10):
        square(number)
    assert square(9) == 81
    assert len(asked) == 10


@pytest.mark.django_db
def test_without_valkey_nothing_is_heard_and_all_goes_on(square, asked, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    assert [square(3), square(3)] == [9, 9]
    changes.changed()
    assert asked == [3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "is_heard"), [("/admin/", "post", True), ("/admin/", "get", False), ("/", "post", False)]
)
def test_what_staff_post_in_the_admin_changes_something(staff, path, method, is_heard):
    before = changes.version()
    getattr(staff, method)(path)
    changes.Heard.look_at = 0.0
    assert (changes.version() != before) == is_heard


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/campaigns/campaign/add/"])
def test_what_a_stranger_posts_there_changes_nothing(client, path):
    before = changes.version()
    client.post(path)
    changes.Heard.look_at = 0.0
    assert changes.version() == before
