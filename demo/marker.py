"""The demo touches only what is its own: a database and a Valkey that it found empty, and marked then."""

from __future__ import annotations

import psycopg
import redis

KEY = "outcry-demo"
TABLE = "outcry_demo"


class NotOurs(Exception):
    """Holds something that the demo did not put there."""


def claim_database(url: str) -> None:
    """Mark an empty database; fine when it bears our mark. Raises NotOurs."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        if TABLE in tables:
            return
        if tables:
            raise NotOurs("The database of DATABASE_URL holds other tables: give the demo an empty one.")
        connection.execute(f"CREATE TABLE {TABLE} (since timestamptz NOT NULL DEFAULT now())")
        connection.execute(f"INSERT INTO {TABLE} DEFAULT VALUES")


def empty_database(url: str) -> None:
    """Remove everything, mark included, from a database that bears it. Raises NotOurs."""
    claim_database(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def claim_valkey(url: str, afresh: bool = False) -> None:
    """The same for Valkey; `afresh` empties it when it is ours. Raises NotOurs."""
    with redis.Redis.from_url(url) as client:
        ours = bool(client.exists(KEY))
        if client.dbsize() and not ours:
            raise NotOurs("The Valkey of REDIS_URL holds other keys: give the demo an empty one.")
        if afresh:
            client.flushdb()
        client.set(KEY, "1")
