"""A connection to PostgreSQL that is lost while somebody works with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


def kill(database: BaseDatabaseWrapper | Any) -> None:
    """Ends its server process, from another connection; who works with it is not told."""
    database.ensure_connection()
    beside = connections[database.alias].copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [database.connection.info.backend_pid])
    finally:
        beside.close()


class Cut:
    """An execute_wrapper that kills the connection before its `at`-th statement, and then lets `meanwhile` go on beside it.

    `had_lock`: whether the connection held one then. `after`: how many statements were done since.
    """

    def __init__(self, at: int, meanwhile: Callable[[], object]) -> None:
        self.at, self.meanwhile, self.seen, self.had_lock, self.after = at, meanwhile, 0, False, 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            database = args[-1]["connection"]
            self.had_lock = database.holders > 0
            kill(database)
            self.meanwhile()
        result = execute(*args)
        self.after += self.seen > self.at
        return result
