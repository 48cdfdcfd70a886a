"""What may be wrong with the running site: each app registers the conditions of its own part (`<app>/conditions.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise


@dataclass(frozen=True)
class Condition:
    """`look`: whether it holds now. `patience`: how long it must hold before anybody is told. `where`: the machine it is about, for
    what only that machine can see."""

    name: str
    title: Promise
    advice: Promise
    look: Callable[[], bool]
    patience: timedelta
    where: Callable[[], str]


_conditions: dict[str, Condition] = {}


def condition(
    name: str,
    title: Promise,
    advice: Promise,
    patience: timedelta = timedelta(0),
    where: Callable[[], str] = lambda: "",
) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    """Register the decorated function as the one that looks. Raises ValueError for a name that is taken."""

    def register(look: Callable[[], bool]) -> Callable[[], bool]:
        if _conditions.setdefault(name, Condition(name, title, advice, look, patience, where)).look is not look:
            raise ValueError(f"{name} is a condition already")
        return look

    return register


def named(name: str) -> Condition | None:
    """None for one that an earlier release knew."""
    return _conditions.get(name)


def known() -> Iterable[Condition]:
    return list(_conditions.values())
