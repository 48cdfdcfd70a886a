"""The pages: Granian, whose processes are forked from one that has loaded everything already."""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from granian.cli import cli

from core.environment import granian
from operations import serving, sharing
from operations.watching import counting, readiness

OPTIONS = ("--interface=wsgi", "--no-ws", "--respawn-failed-workers", "--respawn-interval=1", "--log-level=warning")


class Command(BaseCommand):
    help = "Serves the pages until you stop it. It restarts any process that ends by itself. Granian's own options: GRANIAN_…"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        counting.join("web", os.getpid())
        load_once()
        numbers = (f"--workers={granian('WORKERS')}", f"--blocking-threads={granian('BLOCKING_THREADS')}")
        cli([*OPTIONS, *numbers, "config.wsgi:application"], auto_envvar_prefix="GRANIAN")


def load_once() -> None:
    """Does what each process would do for itself: memory for what they share is needed once, and one that ends is soon replaced."""
    serving.build()
    readiness.needed()
    # As it is until Python 3.14. Elsewhere processes share nothing.
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
    sharing.prepare()
