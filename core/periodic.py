"""The one shape of a scheduled task: named, limited in time, alone in its turn."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from celery import shared_task

from core.locks import one_at_a_time


class Queue(StrEnum):
    """Where tasks wait for their turn (config/celery.py); each has processes of its own (the command `workers`), so that what is slow
    in one holds up nothing in another."""

    # Counts signatures and openings; asks nobody but the database.
    COUNT = "count"
    # Mails that somebody waits for.
    MAIL = "mail"
    DEFAULT = "default"
    # What may take minutes: drawings, and mails to thousands.
    SLOW = "slow"


def periodic(name: str, seconds: int = 60) -> Callable[[Callable[[], None]], Any]:
    """A Celery task `name` that ends by itself after `seconds` and is killed 10 s later; a second one at a time does
    nothing, and nobody does anything while the site is closed."""

    def decorate(work: Callable[[], None]) -> Any:
        # Not above: the beat's schedule imports this module before there are models.
        from core import closing

        @wraps(work)
        def task() -> None:
            with one_at_a_time(name) as ours:
                if ours and not closing.is_closed():
                    work()

        return shared_task(name=name, soft_time_limit=seconds, time_limit=seconds + 10)(task)

    return decorate
