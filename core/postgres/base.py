"""Django's backend for PostgreSQL, which takes a commit for done only when PostgreSQL does, and a lock for ours only while it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic

from core.postgres.patience import Patience

WARNING, WAIT_FOR_STANDBY = "01000", "SyncRepWaitForLSN"


class OutcomeUnknown(OperationalError):
    """Committed here, and perhaps on no standby: after a failover it may be there, or not. Nobody is told that it is."""


class ConnectionLost(OperationalError):
    """It held what another connection would not have."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises OutcomeUnknown where a commit's wait for a synchronous standby was cancelled, or is longer than `patience` has it;
    Crowded where it has none, and nothing was committed. It also says how long a statement waits for a lock."""

    # PostgreSQL knows no limit for this wait.
    patience = Patience()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_in_doubt = False
        self.longest: float | None = None
        self.holders = 0
        self.execute_wrappers.append(self._execute)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Until the end, no other connection takes the place of this one: ConnectionLost is raised instead."""
        self.holders += 1
        try:
            yield
        finally:
            self.holders -= 1

    def connect(self) -> None:
        if self.holders:
            raise ConnectionLost("the connection was lost, and with it the lock that it held")
        super().connect()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        self.is_in_doubt = False
        made.add_notice_handler(self._hear)
        wait = made.wait

        def limited(gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            return wait(gen, interval, self.longest if timeout is None else timeout)

        made.wait = limited
        return made

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.patience.lock:
            self.connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{self.patience.lock:g}s"])

    def _hear(self, notice: Diagnostic) -> None:
        """PostgreSQL answers as after any commit, and adds this warning. An error raised here would be lost: psycopg only logs it."""
        if notice.sqlstate == WARNING and notice.source_function == WAIT_FOR_STANDBY:
            self.is_in_doubt = True

    def _execute(self, execute: Callable[..., Any], sql: Any, *args: Any) -> Any:
        """Outside of a transaction each statement is a commit."""
        reads = self.in_atomic_block or (isinstance(sql, str) and sql.lstrip("( \n").startswith("SELECT"))
        result = execute(sql, *args) if reads else self._in_time(execute, sql, *args)
        self._tell_doubt()
        return result

    def commit(self) -> None:
        self._in_time(super().commit)
        self._tell_doubt()

    def _in_time(self, commit: Callable[..., Any], *args: Any) -> Any:
        made = self.connection
        with self.patience.of(self) as self.longest:
            try:
                return commit(*args)
            except OperationalError:
                if made and made.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                    self._leave(made)
                raise
            finally:
                self.longest = None

    def _leave(self, made: psycopg.Connection[Any]) -> None:
        """Raises OutcomeUnknown. What goes on waiting would hold one of the connections of PostgreSQL: it is ended."""
        backend = made.info.backend_pid
        self.close()
        where = {**self.get_connection_params(), "connect_timeout": 1}
        with suppress(psycopg.Error), psycopg.connect(**where) as beside:
            beside.execute("SELECT pg_terminate_backend(%s)", [backend])
        raise OutcomeUnknown(f"the wait for a synchronous standby was longer than {self.longest} s")

    def _tell_doubt(self) -> None:
        if self.is_in_doubt:
            self.is_in_doubt = False
            raise OutcomeUnknown("the wait for a synchronous standby was cancelled")
