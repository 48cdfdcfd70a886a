"""Python begins with this where it stands on PYTHONPATH: the process then reads its time of day from a clock that is set by the file
OUTCRY_CLOCK, which holds by how many seconds it is ahead. How long something takes is measured by another clock, which nobody sets."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import time_machine

FILE = Path(os.environ["OUTCRY_CLOCK"])
# The time of day when the other clock stood at 0.
ZERO = time.time() - time.monotonic()


def follow(ahead: float = 0.0) -> None:
    while True:
        wanted = float(FILE.read_text() or ahead)
        if wanted != ahead:
            # On top of the one before: what lies below is not seen again.
            time_machine.travel(ZERO + time.monotonic() + wanted).start()
            ahead = wanted
        time.sleep(0.2)


def begin() -> None:
    threading.Thread(target=follow, name="clock", daemon=True).start()


os.register_at_fork(after_in_child=begin)
begin()
