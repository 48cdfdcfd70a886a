"""503 before Django is asked: a page that costs nothing, with the time after which to come again."""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html_join

from core.web.cookieless import PATHS
from core.web.wsgi import Environ, StartResponse

# Where what was typed stands in a page that was written before; bytes and fields of the largest form of a visitor, with room.
TYPED, LONGEST, MOST = "@typed@", 20_000, 50
HEALTH = ("/healthz", "/readyz", "/metrics")


def is_always_answered(environ: Environ) -> bool:
    """For those who watch, and the stylesheet of the page that says no."""
    path = environ.get("PATH_INFO", "")
    return path in HEALTH or path.startswith(settings.STATIC_URL)


def unavailable(
    environ: Environ, start_response: StartResponse, template: str, again: int, typed: str = ""
) -> list[bytes]:
    """`again`: seconds; `typed`: hidden fields, for a template that has a button to send them again."""
    language = _language(environ.get("PATH_INFO", ""))
    body = page(template, language, bool(typed)).replace(TYPED.encode(), typed.encode())
    if environ.get("REQUEST_METHOD") == "HEAD":
        body = b""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Retry-After": str(again),
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        # The address may prove who its reader is.
        "Referrer-Policy": "no-referrer",
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [body]


def _language(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def hidden_fields(environ: Environ) -> str:
    """What a visitor has sent, as HTML; empty where it is no form of visitors, or more than one of them can be."""
    is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    if environ.get("REQUEST_METHOD") != "POST" or not is_form or not PATHS.match(environ.get("PATH_INFO", "")):
        return ""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 < length <= LONGEST:
            return ""
        sent = environ["wsgi.input"].read(length).decode()
        pairs = parse_qsl(sent, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except (ValueError, OSError):
        return ""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@cache
def page(template: str, language: str, is_typed: bool = False) -> bytes:
    """Written once: it must cost nothing when there is most to do."""
    request = HttpRequest()
    request.path = request.path_info = "/"
    request.resolver_match = None
    request.LANGUAGE_CODE = language
    with translation.override(language):
        return render_to_string(
            template, {"LANGUAGE_CODE": language, "typed": TYPED if is_typed else ""}, request=request
        ).encode()
