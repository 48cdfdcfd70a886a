"""What is made to be passed on: the share image, the map, the report as PDF, and the dated, signed snapshots."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns import definitions, snapshots, worldmap
from campaigns.models import Campaign, Outcome
from campaigns.views.reading import countries_of, find, progress_context
from core.drawing import pdf
from core.locks import one_at_a_time
from core.privacy.clients import client_hash
from core.web.http import SeeOther, cached
from core.web.ratelimit import hits_this_minute
from progress.models import ShareImage, Snapshot

YEAR = 365 * 24 * 3600
# Setting a report takes seconds of a processor: it is kept for five minutes, and nobody has more than a few made.
REPORT_KEPT, REPORTS_A_MINUTE = 300, 6
# The parts of a snapshot that are about people.
SIDES = ("signatures", "tweets")


@require_safe
def shared_image(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """An address for each version, so that networks may keep it for good; an old one leads to what is true now."""
    image = get_object_or_404(ShareImage.objects.exclude(content=b""), campaign=find(slug), language=get_language())
    if version != image.version:
        return SeeOther(reverse("share_image", args=[slug, image.version]))
    response = HttpResponse(bytes(image.content), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@cached(300)
def countries_svg(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    by_country = countries_of(campaign)
    if not by_country:
        raise Http404
    response = HttpResponse(worldmap.draw(by_country, campaign.accent), content_type="image/svg+xml")
    # A picture of ours with a style of its own, and nothing else in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


@require_safe
@never_cache
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The progress page on paper. One is set at a time on the whole site, and kept for some minutes."""
    campaign = find(slug)
    if not pdf.available():
        return render(request, "campaigns/no_paper.html", {"campaign": campaign}, status=503)
    key = f"report:{campaign.pk}:{campaign.status}:{campaign.safety}:{get_language()}"
    content = cache.get(key)
    if not isinstance(content, bytes):
        if hits_this_minute("report", client_hash(request)) > REPORTS_A_MINUTE:
            return _later(request, campaign, 429, 60)
        with one_at_a_time("report") as ours:
            if not ours:
                return _later(request, campaign, 503, 5)
            try:
                content = pdf.pdf(_report(request, campaign))
            except pdf.Unprintable:
                return render(request, "campaigns/no_paper.html", {"campaign": campaign}, status=503)
        cache.set(key, content, REPORT_KEPT)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{snapshots.today(campaign)}.pdf"'
    return response


def _later(request: HttpRequest, campaign: Campaign, status: int, seconds: int) -> HttpResponse:
    answer = render(request, "campaigns/no_paper.html", {"campaign": campaign, "soon": True}, status=status)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _report(request: HttpRequest, campaign: Campaign) -> str:
    context = progress_context(campaign)
    by_country = countries_of(campaign)
    if by_country:
        drawn = worldmap.draw(by_country, campaign.accent).encode()
        context["map"] = "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()
    context["made_at"] = timezone.now()
    return render_to_string("campaigns/report.html", context, request)


@require_safe
@cached(300)
def snapshot(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    kept = _snapshot(slug, day)
    others = snapshots.of(kept.campaign).exclude(pk=kept.pk)[:30]
    data, rows = _read(kept.content)
    context = {
        "campaign": kept.campaign,
        "snapshot": kept,
        "data": data,
        "others": others,
        "rows": rows,
        "verdict": snapshots.check(kept),
        "public": bytes(kept.key.public).hex(),
        "signature": bytes(kept.signature).hex(),
    }
    return render(request, "campaigns/snapshot.html", context)


def _read(content: str) -> tuple[dict[str, Any], dict[str, list[tuple[object, ...]]]]:
    """The figures and their rows; none of what somebody has put in their place and is not even written as figures are."""
    try:
        data = json.loads(content)
        rows = _rows(data)
        numbers = [
            data["goal"]["percent"],
            data["responses"] or 0,
            *(row[0] for part in SIDES for row in rows.get(part, [])),
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, {}
    return (data, rows) if all(number is None or type(number) is int for number in numbers) else ({}, {})


def _rows(data: dict[str, Any]) -> dict[str, list[tuple[object, ...]]]:
    """(number or None, label) of the figures, and (title, outcome, since) of the demands, as the snapshot has them."""
    words = {
        "confirmed": gettext("confirmed signatures"),
        "pending": gettext("pending"),
        "under_review": gettext("under review"),
        "removed": gettext("removed"),
        "opened": gettext("opened"),
        "matching": gettext("matching"),
        "linked": gettext("linked"),
        "verified": gettext("verified"),
    }
    rows: dict[str, list[tuple[object, ...]]] = {
        part: [(data[part][key], label) for key, label in words.items() if key in data[part]]
        for part in SIDES
        if data[part]["goal"] is not None
    }
    if "tweets" in rows:
        note = definitions.not_looked_up(data["tweets"]["linked"] - data["tweets"]["verified"])
        rows["tweets"] = [
            (number, f"{label} ({note})" if note and label == words["linked"] else label)
            for number, label in rows["tweets"]
        ]
    rows["demands"] = [
        (demand["title"], Outcome(demand["outcome"]).label, date.fromisoformat(demand["since"]))
        for demand in data["demands"]
    ]
    return rows


@require_safe
@cached(300)
def snapshot_json(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """Letter by letter what was signed; the signature (Ed25519) and its public key are in the headers, in hex."""
    kept = _snapshot(slug, day)
    response = HttpResponse(kept.content, content_type="application/json")
    response.headers["Signature-Ed25519"] = bytes(kept.signature).hex()
    response.headers["Signature-Key"] = bytes(kept.key.public).hex()
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Signature-Ed25519, Signature-Key"
    return response


@require_safe
@cached(300)
def snapshot_keys(request: HttpRequest) -> HttpResponse:
    """The public keys that are ours, as this site was told them from outside the database; the newest first."""
    oldest_first = sorted(settings.SNAPSHOT_KEYS.items(), key=lambda item: item[1])
    keys = [(public.hex(), since) for public, since in reversed(oldest_first)]
    return render(request, "campaigns/snapshot_keys.html", {"keys": keys})


def _snapshot(slug: str, day: str) -> Snapshot:
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    campaign = find(slug)
    kept = get_object_or_404(snapshots.of(campaign).select_related("key").defer("key__secret"), day=wanted)
    kept.campaign = campaign
    return kept
