"""Under more load than the machine can bear: who has waited too long is told so at once, and nothing of theirs is begun.

The proxy notes when a request came (`X-Request-Start: t=<seconds since 1970>`, deploy/nginx.conf). A request whose client has
given up is not worked on either: it is as old by then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Seconds: a request begins within so many or not at all; when to come again; a longer wait is a clock that is wrong.
LATEST, AGAIN, BELIEVED = 2.0, 5, 600.0
HEALTH = ("/healthz", "/readyz")


def shed(application: Application) -> Application:
    """The same WSGI application, with 503 and Retry-After for requests that were waiting for more than LATEST seconds."""

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if LATEST < waited(environ, time.time()) < BELIEVED and environ.get("PATH_INFO") not in HEALTH:
            return _busy(environ, start_response)
        return application(environ, start_response)

    return front


def waited(environ: Environ, now: float) -> float:
    """Seconds since the proxy took the request; 0 where no proxy says so."""
    try:
        return now - float(environ.get("HTTP_X_REQUEST_START", "").removeprefix("t="))
    except ValueError:
        return 0.0


def _busy(environ: Environ, start_response: StartResponse) -> list[bytes]:
    page = b"" if environ.get("REQUEST_METHOD") == "HEAD" else busy_page(_language(environ.get("PATH_INFO", "")))
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
        "Cache-Control": "no-store",
        "Retry-After": str(AGAIN),
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [page]


def _language(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@cache
def busy_page(language: str) -> bytes:
    """Written once: it must cost nothing when there is most to do."""
    request = HttpRequest()
    request.path = request.path_info = "/"
    request.resolver_match = None
    request.LANGUAGE_CODE = language
    with translation.override(language):
        return render_to_string("errors/busy.html", {"LANGUAGE_CODE": language}, request=request).encode()
