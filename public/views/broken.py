"""When we fail: pages that need neither database nor session, and still say what is known."""

from __future__ import annotations

import logging
import re
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import ReadOnlySqlTransaction

from core.web.cookieless import PATHS
from progress import last_known

log = logging.getLogger(__name__)
OF_A_CAMPAIGN = re.compile(r"/c/([-\w]+)/")
# Seconds after which to come again.
AGAIN = 5


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    if passes(error):
        return not_now(request, type((error and error.__cause__) or error).__name__)
    return _told(request, "errors/500.html", 500)


def passes(error: BaseException | None) -> bool:
    """Whether the database is away, is just being replaced by its standby, or can't say whether it has what it was told to keep."""
    gone = isinstance(error, OperationalError | InterfaceError)
    return gone or (error is not None and isinstance(error.__cause__, ReadOnlySqlTransaction))


def not_now(request: HttpRequest, reason: str) -> HttpResponse:
    """503 with what a visitor has typed, and a button that sends it once more: nothing of ours is counted twice by that."""
    is_theirs = request.method == "POST" and PATHS.match(request.path_info)
    typed = [(name, value) for name, values in request.POST.lists() for value in values] if is_theirs else []
    response = _told(request, "errors/not_now.html", 503, is_sent=is_theirs, typed=typed)
    response.headers["Retry-After"] = str(AGAIN)
    response.headers["Referrer-Policy"] = "no-referrer"
    # A line for each is enough while the database is away; Django would write where it happened, too.
    vars(response)["_has_been_logged"] = True
    log.error("the database takes nothing: %s", reason)
    return response


def _told(request: HttpRequest, template: str, status: int, **more: object) -> HttpResponse:
    found = OF_A_CAMPAIGN.search(request.path)
    known = last_known.recall(found[1]) if found else None
    response = render(request, template, {"known": known, **more}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
