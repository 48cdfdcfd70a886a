"""The progress page as a PDF."""

from __future__ import annotations

import base64
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.finding import find
from campaigns.models import Campaign
from core.drawing import pdf
from core.locks import one_at_a_time
from core.privacy.clients import client_hash
from core.switches import Switch
from core.text import formats
from core.web.ratelimit import hits_this_minute
from progress import daily_snapshots, world_map
from progress.views.page import countries_of, progress_context

# Setting a report takes seconds of a processor: it is kept for five minutes, and nobody has more than a few made.
REPORT_KEPT, REPORTS_A_MINUTE = 300, 6


@require_safe
@never_cache
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Answers with the progress page as a PDF. The whole site draws one at a time, and caches it for some minutes."""
    campaign = find(slug)
    if not pdf.available():
        return render(request, "progress/no_pdf.html", {"campaign": campaign}, status=503)
    key = f"report:{campaign.pk}:{campaign.status}:{campaign.safety}:{get_language()}"
    content = cache.get(key)
    if not isinstance(content, bytes):
        if hits_this_minute("report", client_hash(request)) > REPORTS_A_MINUTE:
            return _later(request, campaign, 429, 60)
        with one_at_a_time("report") as ours:
            if not ours:
                return _later(request, campaign, 503, 5)
            try:
                content = pdf.render(page(request, campaign))
            except pdf.Unprintable:
                return render(request, "progress/no_pdf.html", {"campaign": campaign}, status=503)
        cache.set(key, content, REPORT_KEPT)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{daily_snapshots.today(campaign)}.pdf"'
    return response


def _later(request: HttpRequest, campaign: Campaign, status: int, seconds: int) -> HttpResponse:
    answer = render(request, "progress/no_pdf.html", {"campaign": campaign, "soon": True}, status=status)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def page(request: HttpRequest, campaign: Campaign) -> str:
    """The HTML that becomes the PDF."""
    context = progress_context(campaign)
    by_country = countries_of(campaign)
    if by_country and Switch.MAP not in campaign.paused:
        drawn = world_map.draw(by_country, campaign.accent).encode()
        context["map"] = "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()
    context["period"] = _period(campaign, context["figures"].as_of)
    return render_to_string("progress/report.html", context, request)


def _period(campaign: Campaign, as_of: datetime) -> str:
    """From the launch until the end, or until these figures."""
    begun, closes_at = campaign.launched_at, campaign.petition.closes_at if campaign.petition else None
    ended = closes_at if campaign.is_over and closes_at and closes_at < as_of else as_of
    last = ended.astimezone(campaign.zone).date()
    return formats.days(begun.astimezone(campaign.zone).date() if begun else last, last)
