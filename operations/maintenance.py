"""While all public pages are switched off, of the site or of one campaign: a page that says so, and when to come again."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from core import switches
from core.switches import TOLD, Switch, UnderMaintenance
from core.web.http import come_again, paused
from core.web.parameters import ELSEWHERE
from operations.unavailable import HEALTH

# Whoever takes something back, or wants no more mail, is never sent away; and links in mails stay valid.
OWN = re.compile(r"(?:/[a-z]{2})?/(?:my|unsubscribe|not-me|unpledge)/")
# What nginx calls an answer of ours in its cache (deploy/nginx.conf): in place of a 503 it would go on showing the page as it was.
PAST_THE_CACHE = 530


class Maintenance:
    """Middleware. Staff and those who watch the site go on, and so do those who act on what is theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        goes_on = path.startswith(ELSEWHERE) or path in HEALTH or OWN.match(path)
        is_off = None in switches.where_off(Switch.MAINTENANCE) and not goes_on
        response = told(request) if is_off else self.get_response(request)
        if getattr(response, "is_paused", False) and request.method in ("GET", "HEAD") and _is_kept(request):
            response.status_code = PAST_THE_CACHE
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return told(request) if isinstance(exception, UnderMaintenance) else None


def _is_kept(request: HttpRequest) -> bool:
    return request.headers.get("X-Past-The-Cache") == str(PAST_THE_CACHE)


def told(request: HttpRequest) -> HttpResponse:
    """503, for people as a page, for programs that asked for data as data."""
    if request.path_info.endswith(".json"):
        data = JsonResponse({"paused": [Switch.MAINTENANCE.value]}, headers={"Access-Control-Allow-Origin": "*"})
        return come_again(data)
    return paused(request, "errors/maintenance.html", {"words": TOLD[Switch.MAINTENANCE]})
