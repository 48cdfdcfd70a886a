import os
import pickle

import pytest
from django.core.cache import cache, caches
from django.test import Client, override_settings
from redis.connection import AbstractConnection

from core.web.ratelimit import hits_this_minute, own, seen_this_minute

AWAY = {"default": {"BACKEND": "core.web.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}


def test_hits_are_counted_for_each_client_by_the_minute(one_minute):
    assert [hits_this_minute("sign", b"a") for _ in range(3)] == [1, 2, 3]
    assert hits_this_minute("sign", b"b") == 1
    assert hits_this_minute("other", b"a") == 1


def test_every_key_expires(one_minute):
    valkey = cache._cache.get_client()
    hits_this_minute("sign", b"a")
    (key,) = valkey.keys("*hits*")
    assert 100 < valkey.ttl(key) <= 120
    valkey.expire(key, 50)
    hits_this_minute("sign", b"a")
    assert 40 < valkey.ttl(key) <= 50, "from the first hit on"


@pytest.fixture
def asked(monkeypatch):
    """What is sent to Valkey."""
    commands, send = [], AbstractConnection.send_packed_command

    def told(connection, command, *args, **kwargs):
        commands.append(command)
        return send(connection, command, *args, **kwargs)

    monkeypatch.setattr(AbstractConnection, "send_packed_command", told)
    return commands


def test_a_hit_costs_one_question(one_minute, asked):
    assert [hits_this_minute("sign", b"a") for _ in range(3)] == [1, 2, 3]
    assert len(asked) == 3
    assert b"EXPIRE" not in b"".join(b"".join(command) for command in asked), "Redis 6.2 has no EXPIRE … NX"


def test_the_first_few_hits_cost_no_question_and_the_next_one_tells_of_them(one_minute, asked):
    assert [hits_this_minute("sign", b"a", alone=3) for _ in range(3)] == [1, 2, 3]
    assert asked == []
    assert [hits_this_minute("sign", b"a", alone=3) for _ in range(2)] == [4, 5]
    assert len(asked) == 2
    own.clear()
    assert hits_this_minute("sign", b"a") == 6, "so another process counts"
    assert [hits_this_minute("sign", b"a", alone=3) for _ in range(4)] == [1, 2, 3, 10]


def test_without_valkey_a_process_goes_on_from_what_it_counted(one_minute):
    assert [hits_this_minute("sign", b"a", alone=3) for _ in range(5)] == [1, 2, 3, 4, 5]
    with override_settings(CACHES=AWAY):
        assert hits_this_minute("sign", b"a", alone=3) == 6


@override_settings(CACHES=AWAY)
def test_without_valkey_a_look_up_is_a_miss_and_nothing_is_held_back():
    away = caches["default"]
    assert away.get("x") is None
    assert away.get("x", 7) == 7
    assert away.get_many(["x"]) == {}
    away.set("x", 1)
    away.delete("x")
    assert hits_this_minute("sign", b"a") == 1


class Bomb:
    def __reduce__(self):
        return (os.mkdir, (str(Bomb.crater),))


def planted(key, value):
    cache._cache.get_client().set(cache.make_key(key), value)


@pytest.mark.requirement("A26")
def test_a_planted_pickle_is_never_run(tmp_path):
    Bomb.crater = tmp_path / "crater"
    planted("x", pickle.dumps(Bomb()))
    assert cache.get("x") is None
    assert cache.get("x", 7) == 7
    assert cache.get_many(["x"]) == {}
    assert not Bomb.crater.exists()
    pickle.loads(pickle.dumps(Bomb()))
    assert Bomb.crater.exists(), "the bomb works"


@pytest.mark.requirement("A26")
@pytest.mark.parametrize("value", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 6_000, b"NaN,"])
def test_what_is_not_ours_is_a_miss(value):
    planted("x", value)
    assert cache.get("x") is None


@pytest.mark.parametrize(
    "value", [1, 0, True, None, 1.5, "text \u0634", ["a", 1], {"a": [None]}, b"", b"%PDF \x00\xff"]
)
def test_values_come_back_as_they_were(value):
    cache.set("x", value)
    assert cache.get("x", "missing") == value
    assert type(cache.get("x", "missing")) is type(value)


def test_what_json_does_not_have_is_not_kept_at_all():
    cache.set("x", 1)
    cache.set("y", {object()})
    assert cache.get("x") == 1, "nor does anybody rest because of it"
    assert cache.get("y") is None


@pytest.mark.requirement("A26")
@pytest.mark.django_db
def test_libraries_that_keep_what_is_no_json_go_on(staff):
    """The search of the admin's theme keeps objects."""
    for _ in range(2):
        answer = staff.get("/admin/search/?s=campaign")
        assert answer.status_code == 200
        assert "/admin/campaigns/campaign/" in answer.content.decode()


def test_a_planted_count_is_no_count(one_minute):
    from core.web.ratelimit import _key

    planted(_key("sign", b"a"), b"many")
    assert hits_this_minute("sign", b"a") == 1


@pytest.mark.requirement("A26")
@pytest.mark.parametrize("value", [b'"many"', b"null", b"[1]", b'{"a": 1}', b"NaN", b"Infinity", b"1.5", b"\0x"])
def test_a_planted_count_breaks_no_form(value, one_minute):
    from core.web.ratelimit import _key

    planted(_key("sign", b"a"), value)
    assert seen_this_minute("sign", b"a") == 0


@pytest.mark.requirement("A26")
@pytest.mark.parametrize("value", [b'"x"', b"5", b'{"a": 1}', b'["a"]', b"null", b"[null]", b"[[1]]"])
def test_a_planted_count_breaks_no_login(db, value):
    def press():
        return Client().post("/accounts/password/reset/", {"email": "ana@example.org"}).status_code

    assert press() == 302
    keys = cache._cache.get_client().keys("*allauth*")
    assert keys
    for key in keys:
        cache._cache.get_client().set(key, value)
    assert press() == 302


@pytest.mark.requirement("A26")
def test_no_worker_takes_a_pickle():
    from config.celery import app

    assert list(app.conf.accept_content) == ["json"]
