"""Whoever sends something a second time, since nobody could say what became of it, is not told that it was done before it lasts."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction


def wait_for_standbys() -> None:
    """Returns once all that was committed before is on a synchronous standby too; at once where there is none. It changes no row.
    Raises OutcomeUnknown, Crowded."""
    if settings.DATABASE_STANDBYS:
        with transaction.atomic(), connection.cursor() as cursor:
            # PostgreSQL waits only for a commit that has written something.
            cursor.execute("SELECT pg_logical_emit_message(true, 'outcry', '')")
