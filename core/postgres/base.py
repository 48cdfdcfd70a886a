"""Django's backend for PostgreSQL, which takes a commit for done only when PostgreSQL does, and a lock for ours only while it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic

WARNING, WAIT_FOR_STANDBY = "01000", "SyncRepWaitForLSN"


class OutcomeUnknown(OperationalError):
    """Committed here, and perhaps on no standby: after a failover it may be there, or not. Nobody is told that it is."""


class ConnectionLost(OperationalError):
    """It held what another connection would not have."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises OutcomeUnknown where a commit's wait for a synchronous standby was cancelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_in_doubt = False
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
        return made

    def _hear(self, notice: Diagnostic) -> None:
        """PostgreSQL answers as after any commit, and adds this warning. An error raised here would be lost: psycopg only logs it."""
        if notice.sqlstate == WARNING and notice.source_function == WAIT_FOR_STANDBY:
            self.is_in_doubt = True

    def _execute(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Outside of a transaction each statement is a commit."""
        result = execute(*args)
        self._tell_doubt()
        return result

    def commit(self) -> None:
        super().commit()
        self._tell_doubt()

    def _tell_doubt(self) -> None:
        if self.is_in_doubt:
            self.is_in_doubt = False
            raise OutcomeUnknown("the wait for a synchronous standby was cancelled")
