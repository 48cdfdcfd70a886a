"""Each process counts into files of its own, in memory that a folder of METRICS_DIR shows; whoever is asked adds up all of them.

The folder belongs to one start of one service: what a process that ended has counted stays until its whole service has ended, since
a number that only grows must not shrink. Nothing here may disturb whoever is counted: what fails is logged, and no longer counted.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterable
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from operations.watching.names import Kind, Metric

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric as Family

log = logging.getLogger(__name__)
# Bytes of a file that are there before they are written: on a full disk memory that shows a hole in a file kills the process.
ROOM = 256 * 1024
# Seconds; the steps in which answers are told apart.
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LOCK = "outcry-lock"


class Counted:
    """The state of this process. `folder`: None while it counts nothing; `by`: the process whose files have room."""

    folder: Path | None = None
    lock: TextIOWrapper | None = None
    by: int = 0


def is_on() -> bool:
    return Counted.folder is not None


def join(service: str, start: int = 0) -> None:
    """From here on this process counts, if METRICS_DIR is set, with all others of its service; `start` is the process that began
    them, or else our parent. Before anything else loads prometheus_client, which decides then how it counts."""
    if not settings.METRICS_DIR or is_on():
        return
    try:
        folder, Counted.lock = _enter(Path(settings.METRICS_DIR), f"{service}-{start or os.getppid()}")
    except OSError as error:
        log.error("METRICS_DIR: %s: nothing is counted", error.strerror)
        return
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    import prometheus_client  # noqa: F401

    Counted.folder = folder


def count(metric: Metric, *labels: str) -> None:
    """One more."""
    if _has_files():
        try:
            _child(metric, labels).inc()
        except Exception:
            _give_up()


def observe(metric: Metric, seconds: float, *labels: str) -> None:
    if _has_files():
        try:
            _child(metric, labels).observe(seconds)
        except Exception:
            _give_up()


def added_up() -> Iterable[Family]:
    """What all processes of this machine have counted."""
    from prometheus_client.multiprocess import MultiProcessCollector

    if not settings.METRICS_DIR:
        return []
    merge: Callable[[list[str]], Iterable[Family]] = MultiProcessCollector.merge
    for _ in range(3):
        try:
            # One that has just been made has nothing in it yet.
            files = [str(path) for path in Path(settings.METRICS_DIR).glob("*/*.db") if path.stat().st_size]
            return list(merge(files))
        except FileNotFoundError:  # of a service that has just ended
            continue
    return []


def _enter(root: Path, name: str) -> tuple[Path, TextIOWrapper]:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / LOCK).open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        for lock in root.glob(f"*/{LOCK}"):
            _remove_if_left(lock)
        folder = root / name
        folder.mkdir(mode=0o700, exist_ok=True)
        held = (folder / LOCK).open("w")
        fcntl.flock(held, fcntl.LOCK_SH)
    return folder, held


def _remove_if_left(lock: Path) -> None:
    """The folder of a service of which no process is left: a lock ends with who holds it."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for counted in lock.parent.glob("*.db"):
            counted.unlink()
        lock.unlink()
        lock.parent.rmdir()


def _has_files() -> bool:
    """Whether this process counts; it may have been forked from one that did."""
    if Counted.folder is None:
        return False
    if Counted.by != os.getpid():
        Counted.by = os.getpid()
        try:
            for kind in (Kind.COUNTER, Kind.HISTOGRAM, Kind.SUMMARY):
                _make_room(Counted.folder / f"{kind}_{os.getpid()}.db")
        except OSError:
            _give_up()
    return Counted.folder is not None


def _make_room(path: Path) -> None:
    """A file of zeros, which prometheus_client takes for one that it has not written to."""
    with path.open("ab") as file:
        if file.tell() == 0 and hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(file.fileno(), 0, ROOM)
            except OSError:
                path.unlink()
                raise


def _give_up() -> None:
    log.exception("counting failed: this process counts nothing any more")
    Counted.folder = None


@cache
def _made(metric: Metric) -> Any:
    from prometheus_client import Counter, Histogram, Summary

    if metric.kind == Kind.HISTOGRAM:
        return Histogram(metric.name, metric.says, metric.labels, registry=None, buckets=STEPS)
    return {Kind.COUNTER: Counter, Kind.SUMMARY: Summary}[metric.kind](
        metric.name, metric.says, metric.labels, registry=None
    )


@cache
def _child(metric: Metric, labels: tuple[str, ...]) -> Any:
    return _made(metric).labels(*labels)
