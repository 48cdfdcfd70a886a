"""A second database on the same server, and ourselves on it: what a restore needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql


@contextmanager
def empty_database(name: str = "restored") -> Iterator[str]:
    """There while the block runs."""
    connection.ensure_connection()
    info = connection.connection.info
    where = {**info.get_parameters(), "dbname": "postgres", "password": info.password}
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def on(name: str) -> Iterator[None]:
    """Everything in this process asks the database `name`."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
