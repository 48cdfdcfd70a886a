"""What both engines share: how a server process is started, waited for and ended."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class EngineError(Exception):
    """An engine can't be had; the message is the one line to show."""


def last_lines(log: Path, count: int = 3) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return " | ".join(text.strip().splitlines()[-count:]) or "it said nothing"


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    """Return as soon as `answers()`; at most 60 s, and no longer than the process lives."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EngineError(f"{name} ended at its start: {last_lines(log)}")
        if answers():
            return
        time.sleep(0.02)
    process.kill()
    raise EngineError(f"{name} did not answer within 60 s: {last_lines(log)}")


def end(process: subprocess.Popen[bytes] | None, *signals: signal.Signals) -> None:
    """Send each signal in turn, 20 s apart, until the process is gone."""
    if process is None:
        return
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            continue
