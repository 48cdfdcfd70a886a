"""Where tasks wait for their turn."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    """Which task is in which: config/celery.py. Each has processes of its own (the command `workers`), so that what is slow
    in one holds up nothing in another."""

    # Counts signatures and openings; asks nobody but the database.
    COUNT = "count"
    # Mails that somebody waits for.
    MAIL = "mail"
    DEFAULT = "default"
    # What may take minutes: drawings, exports, and mails to thousands.
    SLOW = "slow"
