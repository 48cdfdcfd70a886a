"""How often something happened in this minute, counted in Valkey; while Valkey is away each process counts for itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.crypto import tokens
from core.privacy.clients import client_hash
from core.web.cache import ForgivingRedisCache

View = Callable[..., HttpResponse]

MINUTE = 60
# So many wrong links a minute from one address: a mail program may break some, only guessing makes this many.
WRONG_LINKS = 30


class OwnCounts:
    """What this process counts alone. At most MOST keys: the oldest go first."""

    MOST = 20_000

    def __init__(self) -> None:
        self.lock, self.counts = threading.Lock(), dict[str, int]()

    def advance(self, key: str, least: int = 1) -> int:
        """The next number of this key, `least` or more."""
        with self.lock:
            if key not in self.counts and len(self.counts) >= self.MOST:
                del self.counts[next(iter(self.counts))]
            self.counts[key] = max(self.counts.get(key, 0) + 1, least)
            return self.counts[key]

    def get(self, key: str) -> int:
        return self.counts.get(key, 0)

    def clear(self) -> None:
        with self.lock:
            self.counts.clear()


shared, own = cast(ForgivingRedisCache, cache), OwnCounts()


def hits_this_minute(name: str, who: bytes, alone: int = 0) -> int:
    """Counts this hit and answers with all of this minute by `who`, this one included.

    The first `alone` are counted by this process for itself, without a question to Valkey: nearly nobody makes more. With the next
    one other processes learn of them.
    """
    key = _key(name, who)
    mine = own.advance(key) if alone else 0
    if alone and mine <= alone:
        return mine
    hits: int | None = shared.count(key, 2 * MINUTE, mine if mine == alone + 1 else 1)
    if hits is None:
        return mine or own.advance(key)
    return hits


def seen_this_minute(name: str, who: bytes, minutes_ago: int = 0) -> int:
    """As hits_this_minute, without counting; or those of the minute before (1)."""
    key = _key(name, who, minutes_ago)
    hits = shared.get(key, 0)
    return max(hits if isinstance(hits, int) else 0, own.get(key))


def next_turn(name: str, who: bytes, apart: timedelta, within: timedelta) -> datetime:
    """A moment from now on for each who asks, `apart` from the one before; whoever would have to wait longer goes at `within`."""
    seconds, now = apart.total_seconds(), time.time()
    key, least = f"turn:{name.replace(' ', '-')}:{who.hex()}", int(now / seconds) + 1
    turn: int | None = shared.advance(key, least, int(within.total_seconds()))
    if turn is None:
        turn = own.advance(key, least)
    return datetime.fromtimestamp(min(turn * seconds, now + within.total_seconds()), UTC)


def no_guessing(purpose: str, genuine: Callable[[str, str], bool] = tokens.genuine) -> Callable[[View], View]:
    """For pages behind a link from a mail. A genuine token always passes, and nothing is counted or looked up for it, expired or not;
    whoever tries many wrong ones has to wait."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
            if not genuine(purpose, token) and _tries_too_much(request):
                response = render(request, "errors/slow_down.html", status=429)
                response.headers["Retry-After"] = str(MINUTE)
                return response
            return view(request, *args, token=token, **kwargs)

        return guarded

    return decorate


def _tries_too_much(request: HttpRequest) -> bool:
    return hits_this_minute("wrong link", client_hash(request)) > WRONG_LINKS


def _key(name: str, who: bytes, minutes_ago: int = 0) -> str:
    return f"hits:{name.replace(' ', '-')}:{who.hex()}:{int(time.time()) // MINUTE - minutes_ago}"
