"""How often something happened in this minute, counted in Valkey; without Valkey nothing is held back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import tokens
from core.clients import client_hash

View = Callable[..., HttpResponse]

MINUTE = 60
# So many wrong links a minute from one address: a mail program may break some, only guessing makes this many.
WRONG_LINKS = 30


def hits_this_minute(name: str, who: bytes) -> int:
    """Counts this hit and answers with all of this minute by `who`, this one included; 1 when the cache is away."""
    key = _key(name, who)
    if cache.add(key, 1, timeout=2 * MINUTE):
        return 1
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def no_guessing(purpose: str) -> Callable[[View], View]:
    """For pages behind a link from a mail. A genuine token always passes, and nothing is counted or looked up for it, expired or not;
    whoever tries many wrong ones has to wait."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
            if not tokens.genuine(purpose, token) and _tries_too_much(request):
                response = render(request, "errors/slow_down.html", status=429)
                response.headers["Retry-After"] = str(MINUTE)
                return response
            return view(request, *args, token=token, **kwargs)

        return guarded

    return decorate


def _tries_too_much(request: HttpRequest) -> bool:
    return hits_this_minute("wrong link", client_hash(request)) > WRONG_LINKS


def _key(name: str, who: bytes) -> str:
    return f"hits:{name.replace(' ', '-')}:{who.hex()}:{int(time.time()) // MINUTE}"
