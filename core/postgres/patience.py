"""How long a commit may take where each holds a thread that others wait for: some must be left to say no, and to show pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError

from core.environment import granian

# More than any process has threads.
MANY = 10_000


class Crowded(OperationalError):
    """Not committed: so many wait for their commits already that nobody else may."""


class Patience:
    """For the commits of one process.

    `most`: so many at a time may take `longest` seconds, others `soon`, which is less than a request may wait for its turn
    (operations/shedding.py). Once so many have taken more than that, others are not begun. `lock`: so many seconds a statement waits
    for somebody else's lock, which is kept while its commit waits. None: they take as long as they take."""

    def __init__(
        self, longest: float | None = None, most: int = 1, soon: float = 1.5, lock: float | None = None
    ) -> None:
        self.longest, self.most, self.soon, self.lock = longest, most, soon, lock
        self.counting, self.begun = threading.Lock(), dict[object, float]()

    @contextmanager
    def of(self, commit: object) -> Iterator[float | None]:
        """Gives its seconds. Raises Crowded."""
        if self.longest is None:
            yield None
            return
        with self.counting:
            long_ago = time.monotonic() - self.soon
            if sum(began < long_ago for began in self.begun.values()) >= self.most:
                raise Crowded("others wait for their commits already")
            seconds = self.longest if len(self.begun) < self.most else min(self.soon, self.longest)
            self.begun[commit] = time.monotonic()
        try:
            yield seconds
        finally:
            with self.counting:
                del self.begun[commit]


def of_a_web_process() -> Patience:
    """Ten seconds for each commit and for each lock. Where commits wait for standbys, for as many as half of the threads, and five
    seconds for a lock, since those who wait for one are not counted."""
    if not settings.DATABASE_STANDBYS:
        return Patience(10, most=MANY, lock=10)
    return Patience(10, most=max(1, granian("BLOCKING_THREADS") // 2), lock=5)
