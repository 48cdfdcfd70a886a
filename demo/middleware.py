from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NAMES = ("127.0.0.1", "[::1]", "0.0.0.0")


class SameAtLocalhost(HttpResponse):
    """307: what was posted is posted there."""

    status_code = 307


def one_name_for_this_machine(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Opened by number, the demo leads to the name that its links have."""

    def middleware(request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        if host not in NAMES and host.rpartition(":")[0] not in NAMES:
            return get_response(request)
        return SameAtLocalhost(headers={"Location": f"{settings.SITE_URL}{request.get_full_path()}"})

    return middleware
