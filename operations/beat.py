"""The clock that gives periodic tasks their turns. It goes on when the machine's clock is set back: Celery's own would wait until
the time at which it gave the last turns comes again, a day if need be, and nothing would be counted or mailed meanwhile."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import FrameType
from typing import Any

from celery import beat, platforms
from celery.apps import beat as apps

log = logging.getLogger(__name__)
# What clocks are corrected by all the time.
SLACK = timedelta(seconds=5)


class Scheduler(beat.Scheduler):
    """It keeps nothing on disk: tasks look themselves whether it is time."""

    is_ending = False

    def tick(self, *arguments: Any, **more: Any) -> Any:
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now() + SLACK]
        if ahead:
            log.warning("the clock was set back: %d periodic tasks begin anew", len(ahead))
            for entry in ahead:
                entry.last_run_at = entry.default_now()
            self._heap = None
        seconds = super().tick(*arguments, **more)
        if self.is_ending:
            raise SystemExit
        return seconds


class Beat(apps.Beat):
    def install_sync_handler(self, service: beat.Service) -> None:
        """Ends at SIGTERM and SIGINT. The exception alone may be lost: a client that it interrupts at a read puts away its
        connection, and what fails then takes the exception's place."""

        def end(number: int, frame: FrameType | None) -> None:
            service.scheduler.is_ending = True
            raise SystemExit

        platforms.signals.update(SIGTERM=end, SIGINT=end)
