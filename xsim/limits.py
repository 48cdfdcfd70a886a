"""Rate windows: so many calls per endpoint and token, counted from the first call of the window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_CALLS = 450
PER_ROUTE = {"/2/tweets/counts/recent": 300, "/2/tweets/counts/all": 300, "/2/usage/tweets": 50}


@dataclass
class Allowance:
    """The state of one window after a call; `reset` is the moment the next window begins."""

    limit: int
    used: int
    reset: datetime

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str | None]:
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(max(0, self.limit - self.used)),
            "x-rate-limit-reset": str(int(self.reset.timestamp())),
        }


class Limits:
    def __init__(self, calls: Mapping[str, int] | None = None, seconds: float = 900) -> None:
        self._calls = {**PER_ROUTE, **(calls or {})}
        self._length = timedelta(seconds=seconds)
        self._windows: dict[tuple[str, str], Allowance] = {}

    def hit(self, route: str, token: str, now: datetime) -> Allowance:
        current = self._windows.get((route, token))
        if current is None or current.reset <= now:
            current = Allowance(self._calls.get(route, DEFAULT_CALLS), 0, now + self._length)
            self._windows[route, token] = current
        current.used += 1
        return current
