"""One filter on every log handler: a link that proves who someone is never reaches a log."""

from __future__ import annotations

import logging
import re

from django.http import HttpRequest

SECRET_PATH = re.compile(
    r"/(confirm|my|not-me|unsubscribe|pledge|unpledge|press|invitation|reset/key|confirm-email)/[^/\s\"'?#]+"
)
ADDRESS = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+\.[^\s<>\"'@]+")


def mask(text: str) -> str:
    return ADDRESS.sub("<address>", SECRET_PATH.sub(r"/\1/<token>", text))


def _route(request: HttpRequest) -> str:
    """Which page it was, without a word that the visitor could have chosen."""
    match = request.resolver_match
    return f"/{match.route}" if match else f"<a path of {len(request.path)} characters>"


class Mask(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            message = message.replace(request.path, _route(request))
        record.msg, record.args = mask(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        return True
