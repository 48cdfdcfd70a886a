"""The demo touches only what is its own: a database and a Valkey that it found empty, and marked then."""

from __future__ import annotations

from pathlib import Path

import psycopg
import redis

KEY = "outcry-demo"
TABLE = "outcry_demo"


class NotOurs(Exception):
    """Holds something that the demo did not put there."""


class OtherRelease(NotOurs):
    """Holds what a release put there whose migrations are not those of this one."""


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


def check_release(url: str, root: Path) -> None:
    """Only read: does the database know none but the migrations below `root`? Raises OtherRelease."""
    ours = {(path.parent.parent.name, path.stem) for path in root.glob("*/migrations/[0-9]*.py")}
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
        if found == (None,):
            return
        applied = set(connection.execute("SELECT app, name FROM django_migrations"))
    labels = {label for label, _ in ours}
    if {(label, name) for label, name in applied if label in labels} - ours:
        raise OtherRelease(
            "its database was made by another release: run `make demo-reset`, which throws its data away."
        )


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
