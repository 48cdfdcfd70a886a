from django.core.cache import cache, caches
from django.test import override_settings

from core.ratelimit import hits_this_minute

AWAY = {"default": {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}


def test_hits_are_counted_for_each_client_by_the_minute(one_minute):
    assert [hits_this_minute("sign", b"a") for _ in range(3)] == [1, 2, 3]
    assert hits_this_minute("sign", b"b") == 1
    assert hits_this_minute("other", b"a") == 1


def test_every_key_expires():
    hits_this_minute("sign", b"a")
    (key,) = cache._cache.get_client().keys("*hits*")
    assert 0 < cache._cache.get_client().ttl(key) <= 120


@override_settings(CACHES=AWAY)
def test_without_valkey_a_look_up_is_a_miss_and_nothing_is_held_back():
    away = caches["default"]
    assert away.get("x") is None
    assert away.get("x", 7) == 7
    assert away.get_many(["x"]) == {}
    away.set("x", 1)
    away.delete("x")
    assert hits_this_minute("sign", b"a") == 1
