"""What apps do when a site is backed up and restored: each registers functions of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model

Figures = dict[str, int]
Function = TypeVar("Function", bound=Callable[..., object])

_figures: list[Callable[[], Figures]] = []
_catching_up: list[Callable[[], object]] = []
_left_out: list[type[Model]] = []
_proofs: list[Callable[[], list[str]]] = []


def figures_of_a_backup(function: Callable[[], Figures]) -> Callable[[], Figures]:
    """`function` answers with numbers by name, which stand in the backup and must be the same when it was restored."""
    _figures.append(function)
    return function


def catches_up(function: Function) -> Function:
    """`function` does, before the site is opened, what the clock would have had done by now; it makes the rows of mails that may have
    gone out since the backup, so that they are held back."""
    _catching_up.append(function)
    return function


def proof(function: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """`function` looks at what was restored, and answers with what is wrong, a sentence each."""
    _proofs.append(function)
    return function


def leave_out(model: type[Model]) -> None:
    """No backup holds rows of this model: what is kept for a while only must not outlive it there."""
    _left_out.append(model)


def tables_left_out() -> list[str]:
    return [model._meta.db_table for model in _left_out]


def figures() -> Figures:
    return {name: number for read in _figures for name, number in read().items()}


def catch_up() -> None:
    for work in _catching_up:
        work()


def faults() -> list[str]:
    return [fault for find in _proofs for fault in find()]
