"""How often something happened in this minute, counted in Valkey; without Valkey nothing is held back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.clients import client_hash

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


def no_guessing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages behind a link from a mail: whoever tries many wrong ones has to wait, right ones included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = client_hash(request)
        if cache.get(_key("wrong link", who), 0) >= WRONG_LINKS:
            response = render(request, "errors/slow_down.html", status=429)
            response.headers["Retry-After"] = str(MINUTE)
            return response
        response = view(request, *args, **kwargs)
        if response.status_code in (404, 410):
            hits_this_minute("wrong link", who)
        return response

    return guarded


def _key(name: str, who: bytes) -> str:
    return f"hits:{name.replace(' ', '-')}:{who.hex()}:{int(time.time()) // MINUTE}"
