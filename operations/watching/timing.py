"""How many requests there were, and how long they took, by the name of the route: never by an address."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from core.web import parameters
from operations.watching import counting
from operations.watching.names import REQUEST_SECONDS, REQUESTS

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class Timing:
    """Around everything else; where nothing is counted it is not there at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not counting.is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.META[parameters.ROUTE] = route_of(request, response)
        told(route, request.method, str(response.status_code), time.perf_counter() - began)
        return response


def told(route: str, method: str | None, status: str, seconds: float) -> None:
    """Counts one answer."""
    counting.observe(REQUEST_SECONDS, seconds, route)
    counting.count(REQUESTS, route, method_of(method), status)


def route_of(request: HttpRequest, response: HttpResponse) -> str:
    """The name of its URL; one for all of the admin, one for what no URL fits, and one for what staff have switched off: no error."""
    if getattr(response, "is_paused", False):
        return "paused"
    match = request.resolver_match
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "nowhere"
    return match.namespaces[0] if match.namespaces else match.url_name or "unnamed"


def method_of(method: str | None) -> str:
    return method if method in METHODS else "other"
