"""The only administrator stays, whoever asks, and however many go at once."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.at_once import at_once
from tests.html import form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
WORDS = "Make somebody else an administrator first"


def administrators():
    return User.objects.filter(is_superuser=True, is_active=True)


def test_the_only_administrator_is_not_deleted(staff):
    only = administrators().get()
    page = f"/admin/accounts/user/{only.pk}/delete/"
    chosen = {"action": "delete_selected", "_selected_action": [only.pk], "post": "yes"}
    for answer in (staff.get(page), staff.post(page, {"post": "yes"}), staff.post("/admin/accounts/user/", chosen)):
        assert answer.status_code == 200
        assert WORDS in answer.content.decode()
    assert administrators().get() == only


def test_one_of_two_administrators_is_deleted_and_both_together_are_not(staff):
    second = make_staff("second@example.org")
    chosen = {"action": "delete_selected", "_selected_action": list(administrators().values_list("pk", flat=True))}
    assert WORDS in staff.post("/admin/accounts/user/", chosen | {"post": "yes"}).content.decode()
    assert administrators().count() == 2
    assert staff.post(f"/admin/accounts/user/{second.pk}/delete/", {"post": "yes"}).status_code == 302
    assert administrators().count() == 1


@pytest.mark.parametrize("left_out", ["is_superuser", "is_active"])
@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_step_down_at_once_one_is_told_to_stay(left_out):
    def step_down(user):
        where, browser = f"/admin/accounts/user/{user.pk}/change/", logged_in(user)
        form = form_of(browser.get(where))
        del form[left_out]
        return browser.post(where, form).content.decode()

    answers = at_once(step_down, [make_staff("one@example.org"), make_staff("two@example.org")], writes=User)
    assert administrators().count() == 1
    assert sorted(WORDS in answer for answer in answers) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_one_of_two_that_go_at_once():
    def demote(user):
        try:
            User.objects.filter(pk=user.pk).update(is_superuser=False)
        except IntegrityError as error:
            return str(error)
        return ""

    answers = at_once(demote, [make_staff("one@example.org"), make_staff("two@example.org")], writes=User)
    assert administrators().count() == 1
    assert sorted("the only administrator stays" in answer for answer in answers) == [False, True]


@pytest.mark.parametrize("change", [{"is_superuser": False}, {"is_active": False}, None])
def test_the_database_keeps_the_only_administrator(staff, change):
    with pytest.raises(IntegrityError, match="the only administrator stays"), transaction.atomic():
        administrators().delete() if change is None else administrators().update(**change)
    assert administrators().count() == 1
