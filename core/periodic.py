"""The one shape of a scheduled task: named, limited in time, alone in its turn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from celery import shared_task

from core.locks import one_at_a_time


def periodic(name: str, seconds: int = 60, alone: bool = True) -> Callable[[Callable[[], None]], Any]:
    """A Celery task `name` that ends by itself after `seconds` and is killed 10 s later; a second one at a time does nothing, and
    returns False. Nobody does anything while the site is closed.

    Without `alone` as many may work at a time as there are processes: each takes the locks that it needs.
    """

    def decorate(work: Callable[[], None]) -> Any:
        # Not above: the beat's schedule imports this module before there are models.
        from core import closing, switches

        @wraps(work)
        def task() -> bool:
            with one_at_a_time(name) if alone else nullcontext(True) as ours:
                if ours and not closing.is_closed():
                    switches.look()
                    work()
            return ours

        return shared_task(name=name, soft_time_limit=seconds, time_limit=seconds + 10)(task)

    return decorate
