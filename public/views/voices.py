"""Why people signed, in their own words: comments that their owners agreed to show and that a moderator has read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.finding import find
from core.switches import Switch
from core.web.parameters import takes
from petitions import voices as approved

A_PAGE = 50


@require_safe
@takes("page")
def voices(request: HttpRequest, slug: str) -> HttpResponse:
    """Read anew for everybody, kept nowhere and not to be found by search: what is taken back is gone at once. Nothing but comment
    and name is told, no number of the row either."""
    campaign = find(slug)
    if not campaign.shows_voices or campaign.petition is None:
        raise Http404
    if Switch.VOICES in campaign.paused:
        return _unkept(render(request, "public/voices.html", {"campaign": campaign}))
    number, here = int(request.GET.get("page", 1)), reverse("voices", args=[slug])
    # One more than a page: whether there is another one, without counting them all.
    rows = list(approved.shown(campaign.petition)[(number - 1) * A_PAGE : number * A_PAGE + 1])
    if number > 1 and not rows:
        raise Http404
    context = {
        "campaign": campaign,
        "voices": [row.signature for row in rows[:A_PAGE]],
        "page_query": f"?page={number}" if number > 1 else "",
        "previous": f"{here}?page={number - 1}" if number > 2 else here if number == 2 else "",
        "next": f"{here}?page={number + 1}" if len(rows) > A_PAGE else "",
    }
    return _unkept(render(request, "public/voices.html", context))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
