"""The clock that gives periodic tasks their turns. It goes on when the machine's clock is set back: Celery's own would wait until
the time at which it gave the last turns comes again, a day if need be, and nothing would be counted or mailed meanwhile."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import beat

log = logging.getLogger(__name__)
# What clocks are corrected by all the time.
SLACK = timedelta(seconds=5)


class Scheduler(beat.Scheduler):
    """It keeps nothing on disk: tasks look themselves whether it is time."""

    def tick(self, *arguments: Any, **more: Any) -> Any:
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now() + SLACK]
        if ahead:
            log.warning("the clock was set back: %d periodic tasks begin anew", len(ahead))
            for entry in ahead:
                entry.last_run_at = entry.default_now()
            self._heap = None
        return super().tick(*arguments, **more)
