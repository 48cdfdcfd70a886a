"""A worker that takes nothing though tasks wait is stalled: after a connection was lost without a word, Celery now and then
listens on one that Valkey has forgotten. It ends, and its supervisor begins another one; no task is lost by that."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from celery.platforms import EX_FAILURE
from celery.signals import worker_ready
from celery.worker import state

from core.queues import Queue
from operations.watching import valkey

log = logging.getLogger(__name__)
# Seconds between two looks, and at how many in a row nothing may be taken.
EVERY, LOOKS = 5.0, 3


class StallWatch:
    """`taken`: how many tasks this process has taken so far; `busy`: whether it has one in hand."""

    def __init__(self, queue: Queue, taken: Callable[[], int], busy: Callable[[], bool]) -> None:
        self.queue, self.taken, self.busy = queue, taken, busy
        self.before, self.missed = taken(), 0

    def is_stalled(self) -> bool:
        """Whether tasks have waited at LOOKS looks in a row, and none was taken or in hand. Looks that Valkey does not answer are
        left out: they say nothing, either way."""
        seen = valkey.look()
        if not seen.is_up:
            return False
        now = self.taken()
        misses = seen.waiting.get(self.queue, 0) > 0 and now == self.before and not self.busy()
        self.before, self.missed = now, self.missed + 1 if misses else 0
        return self.missed >= LOOKS


def end_when_stalled(queue: Queue) -> None:
    """Looks from the moment on in which the worker of this process is ready, however long that takes."""

    def begin(**kwargs: Any) -> None:
        watch = StallWatch(queue, lambda: state.all_total_count[0], lambda: bool(state.reserved_requests))
        threading.Thread(target=_look, args=[watch], name="stalled", daemon=True).start()

    worker_ready.connect(begin, weak=False)


def _look(watch: StallWatch) -> None:
    while True:
        time.sleep(EVERY)
        if watch.is_stalled():
            log.error("the worker for %s takes nothing though tasks wait: it ends, to begin anew", watch.queue)
            os._exit(EX_FAILURE)
