"""Whether a signature would be taken now: a database that takes writes, keys that fit its data, and no migration missing.

One thread of each web process looks once a second and notes what it saw; whoever asks reads the note. So a question writes nothing
and waits for nothing, and however many ask while PostgreSQL hangs, one connection hangs with it.
"""

from __future__ import annotations

import logging
import pkgutil
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from threading import Thread
from typing import cast

from django.apps import apps
from django.db import Error, close_old_connections, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader

from core import closing, switches
from core.crypto import keys
from core.postgres.base import DatabaseWrapper
from core.postgres.patience import Patience

log = logging.getLogger(__name__)
# Seconds: between two looks; for which a note is believed; that one statement of a look has.
EVERY, BELIEVED, PATIENCE = 1.0, 5.0, 3
# All that a commit needs, and a file that has to find room on the disk of the database (what does not fit into work_mem): no row is
# left behind, for no table to grow.
WRITE = """
SET LOCAL statement_timeout = '{seconds}s'; SET LOCAL work_mem = '64kB';
SELECT pg_logical_emit_message(true, 'outcry', 'ready'), (SELECT count(*) FROM generate_series(1, 5000)),
       current_setting('transaction_read_only')
"""


@dataclass(frozen=True)
class Note:
    """`at`: time.monotonic(). `problems`: what is wrong, in words without any value; empty when all is well."""

    at: float
    takes_writes: bool
    problems: tuple[str, ...] = ()
    is_closed: bool = False

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


_last: Note | None = None


def begin() -> None:
    """From now on somebody looks, for as long as this process lives."""
    Thread(target=_watch, name="readiness", daemon=True).start()


def problems() -> tuple[str, ...]:
    """Why no signature would be taken now; empty when one would."""
    if _last is None:
        return ("nobody has looked yet",)
    if _last.age > BELIEVED:
        return (f"the database has not answered for {_last.age:.0f} s",)
    return _last.problems


def is_watched() -> bool:
    """Whether somebody looks, in this process."""
    return _last is not None


def database_is_away() -> bool:
    """Whether it is known that a question to the database would fail or wait. False where nobody looks."""
    return _last is not None and (not _last.takes_writes or _last.age > BELIEVED)


def is_closed() -> bool:
    """Whether the site was restored and not opened yet, as it was at the last look; who comes before the first one looks."""
    return _last.is_closed if _last else look().is_closed


def note(seen: Note) -> None:
    """Keep it for whoever asks; a change is logged."""
    global _last
    if seen.problems and (_last is None or _last.problems != seen.problems):
        log.error("not ready: %s", "; ".join(seen.problems))
    elif _last is not None and _last.problems and not seen.problems:
        log.warning("ready again")
    _last = seen


def look() -> Note:
    """Asks the database, on the connection of this thread. Raises nothing."""
    try:
        return _look()
    except Exception as error:
        with suppress(Exception):
            connection.close()
        if not isinstance(error, Error):
            log.exception("looking at the database failed")
        # Of PostgreSQL's own name for it, DiskFull say, Django makes an OperationalError like any other.
        name = type(error.__cause__ or error).__name__
        return Note(time.monotonic(), False, (f"the database takes no writes ({name})",), _was_closed())


def _look() -> Note:
    if not _takes_writes():
        return Note(time.monotonic(), False, ("the database is read-only",), _was_closed())
    missing = sorted(needed() - applied())
    found = [f"migration {name} is not applied" for name in missing]
    if not missing:
        found = [f"{name} does not fit the data" for name in keys.wrong_keys()]
    closed = not any(name.startswith("core.") for name in missing) and closing.is_closed()
    if closed:
        found.append("the site was restored, and nobody has opened it since")
    return Note(time.monotonic(), True, tuple(found), closed)


def _was_closed() -> bool:
    """A closed site is closed when the database is back, too: nobody slips in before the next look."""
    return _last is not None and _last.is_closed


def _takes_writes() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE.format(seconds=PATIENCE))
        while cursor.nextset():
            pass
        takes_writes = bool(cursor.fetchone()[2] == "off")
        # With as little patience, in the same transaction.
        switches.look()
        return takes_writes


@cache
def needed() -> frozenset[str]:
    """The migrations of this code, `app.name`. Their names are enough: to load them all takes memory for as long as we live."""
    packages = {app.label: MigrationLoader.migrations_module(app.label)[0] for app in apps.get_app_configs()}
    return frozenset(f"{label}.{name}" for label, package in packages.items() for name in _names(package))


def applied() -> set[str]:
    """Those that this database has had; of a newer release there may be more than we need."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations")
        return {name for (name,) in cursor.fetchall()}


def _names(package: str | None) -> list[str]:
    try:
        found = import_module(package) if package else None
    except ModuleNotFoundError:
        return []
    paths = getattr(found, "__path__", [])
    return [name for _, name, is_folder in pkgutil.iter_modules(paths) if not is_folder and name[0] not in "_~"]


def _watch() -> None:
    connections["default"] = _impatient()
    while True:
        # One that PostgreSQL, or whoever stands between, has ended is opened again: that is no want of a database.
        close_old_connections()
        note(look())
        time.sleep(EVERY)


def _impatient() -> DatabaseWrapper:
    """A connection of our own that gives up on a server that no longer answers."""
    own = cast(DatabaseWrapper, connection.copy())
    # It takes no visitor's place.
    own.patience = Patience(10)
    own.settings_dict["OPTIONS"] |= {"connect_timeout": PATIENCE, "tcp_user_timeout": PATIENCE * 1000}
    return own
