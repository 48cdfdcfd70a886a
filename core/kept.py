"""What many ask for and few change, kept in this process for a second: each visitor would otherwise read it anew.

Nothing is kept that decides about one person. What is kept is shared by threads, so nobody may change it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from core import changes

P = ParamSpec("P")
T = TypeVar("T")
# How long, in seconds; how many values of each function.
SECONDS, MOST = 1.0, 1_000
_forget: list[Callable[[], None]] = []


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """The same function, which remembers for SECONDS what it said to the same arguments, unless staff change something."""
    known: dict[object, tuple[float, str, T]] = {}

    @wraps(make)
    def look_up(*args: P.args, **kwargs: P.kwargs) -> T:
        key, now = (args, tuple(kwargs.items())), time.monotonic()
        found = known.get(key)
        if found and now < found[0] and found[1] == changes.version():
            return found[2]
        version = changes.version()
        made = make(*args, **kwargs)
        if len(known) >= MOST:
            known.clear()
        known[key] = now + SECONDS, version, made
        return made

    _forget.append(known.clear)
    return look_up


def forget() -> None:
    for clear in _forget:
        clear()
