"""Turns that must not overlap, however many schedulers run."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections

log = logging.getLogger(__name__)
ALONE = "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"
SHARED = "SELECT pg_try_advisory_lock_shared(%s)", "SELECT pg_advisory_unlock_shared(%s)"


@contextmanager
def one_at_a_time(name: str, share: int | None = None) -> Iterator[bool]:
    """True for whoever holds the turn, False for everybody else until it ends. The lock goes with its connection: once that is
    lost somebody else may have the turn, so the holder's next statement raises, whatever became of the one that failed.

    With the number of a `share` the turn is for that part of the work: others have the other parts meanwhile, and nobody the whole.
    """
    with ExitStack() as locks:
        if share is None:
            yield locks.enter_context(_lock(ALONE, name))
        else:
            whole = locks.enter_context(_lock(SHARED, name))
            yield whole and locks.enter_context(_lock(ALONE, f"{name} {share}"))


@contextmanager
def _lock(statements: tuple[str, str], name: str) -> Iterator[bool]:
    take, leave = statements
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    # Django's stubs know nothing of what core/postgres/base.py adds.
    database: Any = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        cursor.execute(take, [key])
        held = cursor.fetchone()[0]
    if not held:
        yield False
        return
    with database.holding():
        try:
            yield True
        finally:
            _leave(database, leave, key)


def _leave(database: Any, leave: str, key: int) -> None:
    """What is lost needs no unlocking, and is no second error beside the one that told of it."""
    try:
        with database.cursor() as cursor:
            cursor.execute(leave, [key])
    except Error as error:
        log.warning("a lock was lost with its connection: %s", type(error).__name__)
        # Where it is not, the lock would stay for as long as we keep the connection.
        database.close()
