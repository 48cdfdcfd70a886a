"""Celery's tasks lie in the very database that REDIS_URL names, where everything else looks for them."""

import socket
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from celery import Celery
from django.conf import settings

from config.celery import app
from core.environment import broker_url
from tests.relay import relaying

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


def valkey():
    """A connection to the one under test, wherever it listens, and the number of the database there."""
    url = urlsplit(settings.REDIS_URL)
    if url.scheme != "unix":
        return socket.create_connection((url.hostname, url.port)), url.path.strip("/")
    made = socket.socket(socket.AF_UNIX)
    made.connect(url.path)
    return made, parse_qs(url.query).get("db", ["0"])[0]


def test_what_is_set_for_a_network_reaches_the_connection():
    """By the names of Celery's settings alone nothing would: each transport takes what it knows, and drops the rest."""
    made, number = valkey()
    made.close()
    with (
        relaying(lambda: valkey()[0]) as relay,
        app.connection(f"redis://127.0.0.1:{relay.port}/{number}") as connection,
    ):
        pool = connection.default_channel.client.connection_pool
        found = pool.get_connection()
        try:
            assert (found.socket_timeout, found.socket_connect_timeout, found.health_check_interval) == (5, 2, 5)
            assert found._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        finally:
            pool.release(found)


def test_over_a_socket_it_is_the_same_but_for_what_a_socket_does_not_have():
    with app.connection(broker_url(settings.REDIS_URL)) as connection:
        assert connection.default_channel.client.ping()
