"""A real standby: what is read there, and when it is left alone."""

import time

import environ
import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from core.postgres import replica
from tests.standby import streaming


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A primary and its standby."""
    with streaming(tmp_path_factory.mktemp("two"), "CREATE TABLE fact (number int)") as both:
        yield both


@pytest.fixture
def both(servers, django_db_blocker):
    """What our code asks, in this thread: the primary, and where it is read, the standby."""
    usual, standby = connections[DEFAULT_DB_ALIAS], servers[1]
    # Another test may have ended it.
    if standby.socket is None:
        standby.start()
    for alias, server in zip((DEFAULT_DB_ALIAS, replica.REPLICA), servers, strict=True):
        settings = {**usual.settings_dict, **environ.Env.db_url_config(server.url("outcry")), "ENGINE": "core.postgres"}
        connections[alias] = type(usual)(settings, alias)
        if alias == replica.REPLICA:
            connections.settings[alias] = settings
    with django_db_blocker.unblock():
        yield servers
    for alias in (DEFAULT_DB_ALIAS, replica.REPLICA):
        connections[alias].close()
    connections[DEFAULT_DB_ALIAS] = usual
    del connections[replica.REPLICA], connections.settings[replica.REPLICA]


def committed():
    """How many facts there are, now one more."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("INSERT INTO fact VALUES (1)")
        cursor.execute("SELECT count(*) FROM fact")
        return cursor.fetchone()[0]


def look(using):
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*), pg_is_in_recovery() FROM fact")
        return cursor.fetchone()


def delayed(server, delay):
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET recovery_min_apply_delay = '{delay}'")
        connection.execute("SELECT pg_reload_conf()")


def test_what_is_committed_is_read_at_the_standby(both):
    for _ in range(20):
        assert (committed(), True) == replica.read(look)
    # As exports read: many rows, some at a time, outside of a transaction.
    with connections[replica.REPLICA].chunked_cursor() as cursor:
        cursor.execute("SELECT number FROM fact")
        assert len(cursor.fetchmany(15)) == 15


def test_a_standby_that_is_a_little_late_is_waited_for(both):
    delayed(both[1], "2s")
    try:
        assert (committed(), True) == replica.read(look)
    finally:
        delayed(both[1], 0)


def test_one_that_is_later_is_left_alone(both, monkeypatch):
    monkeypatch.setattr(replica, "LATE", 0.5)
    delayed(both[1], "1h")
    try:
        assert (committed(), False) == replica.read(look)
    finally:
        delayed(both[1], 0)


def test_so_is_one_that_ends_halfway_and_one_that_is_away(both):
    asked = []

    def ends(using):
        asked.append(using)
        if using == replica.REPLICA:
            both[1].stop()
        return look(using)

    assert (committed(), False) == replica.read(ends)
    assert asked == [replica.REPLICA, DEFAULT_DB_ALIAS]
    began = time.monotonic()
    assert (committed(), False) == replica.read(look)
    assert time.monotonic() - began < 3


def test_without_one_it_is_the_primary():
    assert replica.read(lambda using: using) == DEFAULT_DB_ALIAS
