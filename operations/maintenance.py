"""While all public pages are switched off, of the site or of one campaign: a page that says so, and when to come again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from core import switches
from core.switches import TOLD, Switch, UnderMaintenance
from core.web.http import come_again, paused
from core.web.parameters import ELSEWHERE
from operations.unavailable import HEALTH


class Maintenance:
    """Middleware. Staff and those who watch the site go on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if None in switches.where_off(Switch.MAINTENANCE) and not path.startswith(ELSEWHERE) and path not in HEALTH:
            return told(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return told(request) if isinstance(exception, UnderMaintenance) else None


def told(request: HttpRequest) -> HttpResponse:
    """503, for people as a page, for programs that asked for data as data."""
    if request.path_info.endswith(".json"):
        data = JsonResponse({"paused": [Switch.MAINTENANCE.value]}, headers={"Access-Control-Allow-Origin": "*"})
        return come_again(data)
    return paused(request, "errors/maintenance.html", {"words": TOLD[Switch.MAINTENANCE]})
