"""Reading that may be done elsewhere: at a standby, where the site has one for that (DATABASE_REPLICA_URL)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

log = logging.getLogger(__name__)
T = TypeVar("T")
REPLICA = "replica"
# Seconds that a replica may be behind; between two looks whether it still is.
LATE, LOOK = 5.0, 0.1
POSITION = "SELECT pg_current_wal_lsn()"
# One that was promoted has no position of replay any more.
HAS = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END >= %s::pg_lsn"


def read(work: Callable[[str], T]) -> T:
    """What `work` reads from the database that it is given the alias of: a replica that has all that was committed until now.

    From the primary where there is none, where it is late or away, or ends halfway: `work` may be done twice, and writes nothing.
    """
    if REPLICA in connections.settings:
        try:
            if _has_all():
                return work(REPLICA)
            log.warning("the replica is late: the primary is read instead")
        except (OperationalError, InterfaceError) as error:
            log.warning("the replica is away: %s; the primary is read instead", type(error).__name__)
            connections[REPLICA].close()
    return work(DEFAULT_DB_ALIAS)


def _has_all() -> bool:
    """Waits until it has, for as long as it may be late."""
    position, until = _ask(DEFAULT_DB_ALIAS, POSITION), time.monotonic() + LATE
    while not _ask(REPLICA, HAS, position):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK)
    return True


def _ask(alias: str, question: str, *parameters: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchone()[0]


class Router:
    """What was read from a replica is written to the primary like all else."""

    def db_for_write(self, model: object, **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS
