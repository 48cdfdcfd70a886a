"""Every request has an id that the proxy gave it, or we do: its log lines and its answer bear it. It is kept nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import uuid4

from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse

from core import logs

HEADER = "X-Request-Id"
# As nginx and most proxies write it. No other words: whoever asks could write a name into our logs.
VALID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def request_ids(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        given = number(request.META)
        logs.begin_turn(request=given)
        response = get_response(request)
        response.headers[HEADER] = given
        return response

    return middleware


def number(environ: Mapping[str, str]) -> str:
    """The id of a request: that of the proxy, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if VALID.fullmatch(given) else uuid4().hex


# Not when the middleware returns: Django logs what failed after that, and what is streamed is made after that.
request_finished.connect(logs.end_turn, dispatch_uid="end of a request's turn")
