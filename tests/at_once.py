"""Several people at the same moment, whatever the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

T = TypeVar("T")
Answer = TypeVar("Answer")
WAITING = """SELECT count(*) FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"""


def at_once(work: Callable[[T], Answer], items: Iterable[T], writes: type[Model]) -> list[Answer]:
    """What `work` answers for each item, in a thread of its own; all of them have read, in the order of the items, before the first
    one may write a row of `writes`.

    Only in a test with `transaction=True`. AssertionError: after 30 seconds some are neither waiting for that nor for one another.
    """
    items = list(items)

    def alone(item: T) -> Answer:
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        # SHARE lets others read, and lock rows that they read.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(writes._meta.db_table)} IN SHARE MODE")
            running = list[Future[Answer]]()
            until = time.monotonic() + 30
            for item in items:
                running.append(pool.submit(alone, item))
                while waiting(cursor) < len(running):
                    assert time.monotonic() < until, f"{waiting(cursor)} of {len(items)} are waiting"
                    time.sleep(0.01)
        return [each.result() for each in running]


def waiting(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute(WAITING)
    return int(cursor.fetchone()[0])
