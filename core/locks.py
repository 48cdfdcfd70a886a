"""Turns that must not overlap, however many schedulers run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection

ALONE = "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"
SHARED = "SELECT pg_try_advisory_lock_shared(%s)", "SELECT pg_advisory_unlock_shared(%s)"


@contextmanager
def one_at_a_time(name: str, share: int | None = None) -> Iterator[bool]:
    """True for whoever holds the turn, False for everybody else until it ends. A dead holder's lock goes with its connection.

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
    with connection.cursor() as cursor:
        cursor.execute(take, [key])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute(leave, [key])
