"""Who reads what from the database. An app below asks here for what the apps above know."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from operations.watching.names import Metric

# A metric, the values of its labels, and its own.
Value = tuple[Metric, tuple[str, ...], float]
Read = Callable[[], Iterable[Value]]

_readers: list[Read] = []


def reads(function: Read) -> Read:
    """Register the decorated function as one that is asked whenever somebody asks for metrics: a few quick statements."""
    if function not in _readers:
        _readers.append(function)
    return function


def all_of_them() -> list[Read]:
    return list(_readers)
