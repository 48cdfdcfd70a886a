"""When we fail: a page that needs neither database nor session, and still says what is known."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from progress import last_known

OF_A_CAMPAIGN = re.compile(r"/c/([-\w]+)/")


def server_error(request: HttpRequest) -> HttpResponse:
    found = OF_A_CAMPAIGN.search(request.path)
    known = last_known.recall(found[1]) if found else None
    response = render(request, "errors/500.html", {"known": known}, status=500)
    response.headers["Cache-Control"] = "no-store"
    return response
