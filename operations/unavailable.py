"""503 before Django is asked: a page that costs nothing, with the time after which to come again."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from core.web.wsgi import Environ, StartResponse

HEALTH = ("/healthz", "/readyz", "/metrics")


def is_always_answered(environ: Environ) -> bool:
    """For those who watch, and the stylesheet of the page that says no."""
    path = environ.get("PATH_INFO", "")
    return path in HEALTH or path.startswith(settings.STATIC_URL)


def unavailable(environ: Environ, start_response: StartResponse, template: str, again: int) -> list[bytes]:
    """`again`: seconds."""
    language = _language(environ.get("PATH_INFO", ""))
    body = b"" if environ.get("REQUEST_METHOD") == "HEAD" else page(template, language)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Retry-After": str(again),
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [body]


def _language(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@cache
def page(template: str, language: str) -> bytes:
    """Written once: it must cost nothing when there is most to do."""
    request = HttpRequest()
    request.path = request.path_info = "/"
    request.resolver_match = None
    request.LANGUAGE_CODE = language
    with translation.override(language):
        return render_to_string(template, {"LANGUAGE_CODE": language}, request=request).encode()
