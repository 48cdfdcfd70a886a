"""Celery's tasks lie in the very database that REDIS_URL names, where everything else looks for them."""

import pytest
import redis
from celery import Celery
from django.conf import settings

from core.environment import broker_url

QUEUE = "only-in-this-test"


@pytest.mark.parametrize("number", [None, 0, 13])
def test_celery_and_all_others_mean_the_same_place(number):
    place = settings.REDIS_URL.partition("?")[0]
    if not place.startswith("unix:"):
        place = place.rpartition("/")[0] + ("" if number is None else f"/{number}")
    elif number is not None:
        place += f"?db={number}"
    with redis.Redis.from_url(place) as client, Celery(broker=broker_url(place)).connection() as connection:
        client.delete(QUEUE)
        connection.SimpleQueue(QUEUE).put("x")
        assert client.llen(QUEUE) == 1
        client.delete(QUEUE)


@pytest.mark.parametrize(
    ("address", "celerys"),
    [
        ("redis://:secret@valkey.example:6380/3", "redis://:secret@valkey.example:6380/3"),
        ("rediss://valkey.example:6380/3", "rediss://valkey.example:6380/3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/v.sock?db=3&password=a%20b", "redis+socket://:a%20b@/run/v.sock?virtual_host=3"),
    ],
)
def test_the_address_in_celerys_words(address, celerys):
    assert broker_url(address) == celerys
