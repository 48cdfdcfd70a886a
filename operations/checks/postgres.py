"""What PostgreSQL is and how it is set, and whether our keys are those that its data was written with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, NotSupportedError, OperationalError, connection
from psycopg import pq
from psycopg.conninfo import make_conninfo

from core.crypto import keys
from core.environment import granian, is_usable
from core.web.origins import is_public
from operations.machines import differing
from operations.models import Machine

OLDEST = 15
# Seconds; connections of the workers and of those who look after the site.
SKEW, BESIDE = 2, 15
ASKED = """
SELECT current_setting('server_version_num')::int / 10000, extract(epoch FROM clock_timestamp())::float,
       current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
       current_setting('transaction_read_only') = 'off' AND NOT pg_is_in_recovery(), current_setting('server_encoding'),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       current_setting('synchronous_commit'), current_setting('client_min_messages'),
       current_setting('log_min_error_statement'), current_setting('log_error_verbosity'), current_setting('jit')
"""


@dataclass(frozen=True)
class Server:
    """`ahead`: how many seconds its clock is ahead of ours, for certain."""

    version: int = OLDEST
    ahead: float = 0.0
    fsync: bool = True
    full_page_writes: bool = True
    takes_writes: bool = True
    encoding: str = "UTF8"
    connections: int = 97
    synchronous_commit: str = "on"
    tells: str = "notice"
    logs_failed: str = "panic"
    logs_details: str = "terse"
    jit: str = "off"


@register("environment")
def database(**kwargs: Any) -> list[CheckMessage]:
    """One that doesn't answer is a warning, since it may be about to start; at our start an error (operations/startup.py)."""
    if not is_usable("DATABASE_URL"):
        return []
    try:
        return [*wrong_with(ask()), *keys_fit_the_data(), *keys_are_the_same_everywhere()]
    except NotSupportedError as error:
        return [Error(f"DATABASE_URL: {error}.", hint=UPGRADE, id="outcry.DATABASE_URL")]
    except OperationalError as error:
        return [refused(error) if answers() else away(error)]
    except DatabaseError as error:
        hint = "Let the role of DATABASE_URL own the database and its tables."
        return [Warning(f"DATABASE_URL: {error}".strip(), hint=hint, id="outcry.database_rights")]
    finally:
        if not connection.in_atomic_block:
            connection.close()


def ask() -> Server:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute(ASKED)
        after = time.time()
        version, clock, *rest = cursor.fetchone()
    # It looked at its clock at any moment in between.
    return Server(version, min(clock - before, 0.0) + max(clock - after, 0.0), *rest)


UPGRADE = f"Upgrade it to PostgreSQL {OLDEST} or newer."


def wrong_with(server: Server) -> Iterator[CheckMessage]:
    if server.version < OLDEST:
        yield Error(f"DATABASE_URL: PostgreSQL {server.version} is too old.", hint=UPGRADE, id="outcry.DATABASE_URL")
    if not server.takes_writes:
        hint = "Set it to the primary, and default_transaction_read_only to off."
        yield Error("DATABASE_URL: the database takes no writes.", hint=hint, id="outcry.DATABASE_URL")
    if server.encoding != "UTF8":
        hint = "Create the database anew: createdb --encoding UTF8 --template template0"
        yield Error(f"DATABASE_URL: the database is in {server.encoding}.", hint=hint, id="outcry.DATABASE_URL")
    if abs(server.ahead) > SKEW:
        reason = f"PostgreSQL's clock is {abs(server.ahead):.1f} s {'ahead of' if server.ahead > 0 else 'behind'} ours."
        hint = "Let both machines keep time by NTP (systemd-timesyncd, chrony): mails and links have a time."
        yield Warning(reason, hint=hint, id="outcry.clock")
    for value, right, name in (
        ("on" if server.fsync else "off", ("on",), "fsync"),
        ("on" if server.full_page_writes else "off", ("on",), "full_page_writes"),
        (server.synchronous_commit, ("on", "remote_apply"), "synchronous_commit"),
    ):
        if value not in right:
            lost = "a power cut" if value == "off" else "a lost machine"
            reason = f"PostgreSQL's {name} is {value}: {lost} may take what people were told is done."
            yield Warning(reason, hint="Set it to on in postgresql.conf.", id=f"outcry.{name}")
    if server.tells == "error":
        reason = "PostgreSQL's client_min_messages is error: a commit that no standby has would look like any other."
        yield Warning(
            reason, hint="Set it to notice, for the role and the database too.", id="outcry.client_min_messages"
        )
    for value, wanted, name, reason in (
        (server.logs_failed, ("panic", "fatal", "log"), "log_min_error_statement", "a statement that failed is logged"),
        (server.logs_details, ("terse",), "log_error_verbosity", "what was wrong with a row is logged"),
        (server.jit, ("off",), "jit", "to compile a statement takes seconds, and running it would not"),
    ):
        if value not in wanted:
            hint = f"As its superuser: ALTER ROLE {connection.settings_dict['USER']} SET {name} = {wanted[0]}"
            yield Warning(f"PostgreSQL's {name} is {value}: {reason}.", hint=hint, id=f"outcry.{name}")
    if server.connections < (needed := connections_needed()):
        reason = f"PostgreSQL gives {server.connections} connections; this machine alone may need {needed}."
        hint = "Raise max_connections, or give the web server fewer workers or threads."
        yield Warning(reason, hint=hint, id="outcry.max_connections")


def connections_needed() -> int:
    """One for each thread of the web server, which keeps it, and one for each of its processes, which watches. While it is being
    replaced there are two web servers."""
    return 2 * granian("WORKERS") * (granian("BLOCKING_THREADS") + 1) + BESIDE


def keys_fit_the_data() -> list[CheckMessage]:
    keys_are_read = is_usable("FIELD_KEYS") and is_usable("HASH_KEYS")
    if not keys_are_read or "core_keyproof" not in connection.introspection.table_names():
        return []
    hint = "Restore the keys from their backup."
    return [
        Error(f"{name} does not fit the data in this database.", hint=hint, id=f"outcry.{name}")
        for name in keys.wrong_keys()
    ]


def keys_are_the_same_everywhere() -> Iterator[CheckMessage]:
    """A warning: while keys are replaced, one machine after the other has the new ones."""
    if Machine._meta.db_table in connection.introspection.table_names():
        for machine, names in differing():
            reason = f"{' and '.join(names)} of this machine differ from those of {machine}."
            hint = "Give all machines the same ones, and restart web and workers there."
            yield Warning(reason, hint=hint, id="outcry.keys_differ")


def answers() -> bool:
    """Whether a server is there, whatever it thinks of us."""
    parameters = connection.get_connection_params()
    named = {
        name: parameters[name] for name in ("host", "port", "dbname", "user", "connect_timeout") if name in parameters
    }
    return pq.PGconn.ping(make_conninfo(**named).encode()) == pq.Ping.OK


def refused(error: OperationalError) -> CheckMessage:
    hint = "Set user, password and database name right, or create them: docs/operations.md."
    return Error(f"DATABASE_URL: {error}".strip(), hint=hint, id="outcry.DATABASE_URL")


def away(error: OperationalError) -> CheckMessage:
    hint = "Start PostgreSQL, or set host and port right. Nothing of ours starts without it."
    return Warning(f"DATABASE_URL: {error}".strip(), hint=hint, id="outcry.DATABASE_URL")


@register("environment")
def database_is_asked_in_private(**kwargs: Any) -> list[CheckMessage]:
    host = urlsplit(settings.DATABASE_URL).hostname or ""
    asked = connection.settings_dict["OPTIONS"].get("sslmode", "prefer")
    if not is_public(host) or asked in ("require", "verify-ca", "verify-full"):
        return []
    reason = "DATABASE_URL: what people entrust to us may cross the internet in clear."
    return [Warning(reason, hint="Append ?sslmode=verify-full.", id="outcry.database_tls")]
