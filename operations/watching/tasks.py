"""Counts tasks by how they ended, and notes when each was last done. Connected by config/celery.py."""

from __future__ import annotations

import time
from typing import Any

from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import task_failure, task_postrun, task_prerun, task_revoked, worker_init

from operations.watching import counting, valkey
from operations.watching.names import TASK_SECONDS, TASKS

OUTCOMES = {"SUCCESS": "done", "FAILURE": "failed", "RETRY": "retried"}
_begun: dict[str, float] = {}


def connect() -> None:
    worker_init.connect(_join)
    task_prerun.connect(_note_begin)
    task_postrun.connect(_note_end)
    task_failure.connect(_note_death)
    task_revoked.connect(_note_expiry)


def _join(**kwargs: Any) -> None:
    counting.join("workers")


def _note_begin(task_id: str, **kwargs: Any) -> None:
    _begun[task_id] = time.perf_counter()


def _note_end(task_id: str, task: Any, retval: object, state: str, **kwargs: Any) -> None:
    began = _begun.pop(task_id, None)
    if began is not None:
        counting.observe(TASK_SECONDS, time.perf_counter() - began, task.name)
    outcome = "skipped" if retval is False else OUTCOMES.get(state, "other")
    counting.count(TASKS, task.name, outcome)
    if outcome == "done":
        valkey.note_turn(task.name)


def _note_death(sender: Any, exception: BaseException, **kwargs: Any) -> None:
    """What ends with its process can't say so itself: the worker does, in whose name the process worked."""
    if isinstance(exception, TimeLimitExceeded | WorkerLostError):
        counting.count(TASKS, sender.name, "killed")


def _note_expiry(sender: Any, expired: bool, **kwargs: Any) -> None:
    """Nobody had time for it within its time: workers are too few, or stand still."""
    if expired:
        counting.count(TASKS, sender.name, "expired")
