"""Keeps several kinds of work going, each in a process of its own; one that ends is begun again within 5 seconds."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

log = logging.getLogger(__name__)
# Seconds: between two looks; before one that ended is begun again, the longer the oftener it ended soon; that all have for an orderly
# end. The first pause is for an error report of it: a thread sends that, and should not be at it during the next fork.
LOOK, PAUSES, GRACE = 0.2, (1.0, 1.0, 2.0, 4.0), 60.0
ENDINGS = (signal.SIGTERM, signal.SIGINT)
# One that lived so long, in seconds, did not end soon.
STEADY = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    work: Callable[[], object]
    pid: int = 0
    begun: float = 0.0
    begin_at: float = 0.0
    failures: int = 0


class Supervisor:
    """`work`: what to do, by name; it is done for as long as the process lives, and its return is an end like any other."""

    def __init__(self, work: Mapping[str, Callable[[], object]]) -> None:
        self.children = [Child(name, run) for name, run in work.items()]
        self.is_ending = False

    def run(self) -> None:
        """Goes on until SIGTERM or SIGINT; then all are asked to end, and made to after a minute."""
        for number in ENDINGS:
            signal.signal(number, self._end)
        while not self.is_ending:
            self._look(time.monotonic())
            time.sleep(LOOK)
        self._stop()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.is_ending = True

    def _look(self, now: float) -> None:
        self._reap(now)
        for child in self.children:
            if not child.pid and child.begin_at <= now:
                self._begin(child, now)

    def _reap(self, now: float) -> None:
        for child in self.children:
            if child.pid and (status := _ended(child.pid)) is not None:
                _kill_group(child.pid)
                child.failures = 0 if now - child.begun > STEADY else child.failures + 1
                pause = PAUSES[min(child.failures, len(PAUSES) - 1)]
                child.pid, child.begin_at = 0, now + pause
                log.error("%s has ended (%s): it begins again in %d s", child.name, _why(status), pause)

    def _begin(self, child: Child, now: float) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        child.begun = now
        # Until the child has put away its parent's handlers, a signal to end waits: they would take it, and the child go on.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        child.pid = os.fork()
        if not child.pid:
            _become(child, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    def _stop(self) -> None:
        until = time.monotonic() + GRACE
        left = all_of_them = [child.pid for child in self.children if child.pid]
        for pid in left:
            os.kill(pid, signal.SIGTERM)
        while left and time.monotonic() < until:
            left = [pid for pid in left if _ended(pid) is None]
            time.sleep(LOOK / 4)
        for pid in all_of_them:
            _kill_group(pid)


def _become(child: Child, parent: int) -> None:
    """Never returns. Who loses its parent ends too: it would go on beside the one that comes after."""
    os.setpgid(0, 0)
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    code = 1
    try:
        if os.getppid() == parent:
            child.work()
            code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
    except BaseException:
        log.exception("%s failed", child.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    """The exit status of one that has ended; None while it lives."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None


def _kill_group(pid: int) -> None:
    """What one that has ended left running."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _why(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit code {status}"
