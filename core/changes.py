"""That staff have changed something, heard by every process within a second: what they keep of it is then worked out anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from secrets import token_hex

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

# Seconds between two looks of a process.
LOOK = 1.0
KEY = "changes"


class Heard:
    """What this process has heard last, from all of them and from itself alone, and when it asks again, in monotonic seconds."""

    version, own, look_at = "", "", 0.0


def changed() -> None:
    """Have every process forget what it keeps. While Valkey is away nobody hears it, and things are kept until they are too old."""
    cache.set(KEY, token_hex(8), timeout=None)


def heard() -> None:
    """Have this process alone forget what it keeps."""
    Heard.own = token_hex(8)


def version() -> str:
    """The same until something is changed; asked of Valkey once a second and process."""
    now = time.monotonic()
    if now >= Heard.look_at:
        Heard.look_at = now + LOOK
        Heard.version = cache.get(KEY) or Heard.version
    return Heard.version + Heard.own


def of_staff(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever staff post in the admin may have changed something. A stranger's POST has changed nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and request.path_info.startswith("/admin/") and _is_staff(request):
            changed()
        return response

    return middleware


def _is_staff(request: HttpRequest) -> bool:
    """Whoever has logged out by this POST is nobody any more."""
    return bool(getattr(getattr(request, "user", None), "is_staff", False))
