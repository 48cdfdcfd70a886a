"""The progress page, and the same as data: for everybody alike, cacheable, without a cookie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from actions import volume
from actions.models import Target
from campaigns.finding import find
from campaigns.models import Campaign, KeyMoment
from core.drawing import pdf
from core.web.http import FRESH, cached
from core.web.parameters import takes
from petitions import disclosure
from progress import (
    charts,
    course,
    daily_snapshots,
    definitions,
    hourly_figures,
    meter,
    milestones,
    over_time,
    pace,
    share_image,
    world_map,
)
from progress.figures import as_json, public_figures, without_times


@require_safe
@cached(FRESH)
@takes("day", "confirmed")
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the progress page; with `?day=2026-06-15`, the charts of that day by the hour."""
    campaign = find(slug)
    context = progress_context(campaign, _day(request.GET.get("day", "")))
    context["image"] = share_image.version(campaign, get_language() or "")
    return render(request, "progress/page.html", context)


def progress_context(campaign: Campaign, day: date | None = None) -> dict[str, Any]:
    """Returns the context of the progress page and of its PDF; charts are of one day by the hour, if `day`."""
    figures, told = public_figures(campaign), over_time.read(campaign)
    moments = list(campaign.moments.standing().select_related("campaign").prefetch_related("translations"))
    growth, marks = pace.growth(campaign, figures, told), milestones.reached(campaign, figures, told)
    return {
        "campaign": campaign,
        "figures": figures,
        "growth": growth,
        "next_moment": next_of(moments),
        "meter": meter.draw(campaign, figures),
        "percents": definitions.percents(campaign, figures),
        "signatures": definitions.signatures(campaign, figures),
        "paper": definitions.paper(campaign, figures),
        "ladder": definitions.ladder(campaign, figures),
        "paces": definitions.growth(campaign, growth),
        "apart": definitions.apart(campaign),
        "milestones": marks,
        "passed": [mark for mark in marks if mark.is_reached],
        "ahead": [mark for mark in marks if not mark.is_reached],
        "course": None if day else course.draw(campaign, figures, told, moments),
        "charts": charts.draw_all(campaign, figures, told, day),
        "day": day,
        "countries": countries_of(campaign),
        "shades": world_map.legend(campaign.accent),
        "removals": figures.removals,
        "responses": campaign.responses.for_pages(),
        "deliveries": campaign.deliveries.for_pages(),
        "left_out": volume.left_out(campaign.tweet_action) if campaign.tweet_action else [],
        "by_target": opened_by_target(campaign),
        "snapshot": daily_snapshots.published(campaign).first(),
        "has_pdf": pdf.available(),
    }


def next_of(moments: Sequence[KeyMoment]) -> KeyMoment | None:
    """The day of action that lasts or comes next; else what comes next."""
    now = timezone.now()
    days = [moment for moment in moments if moment.is_day_of_action and moment.lasts_until > now]
    coming = [moment for moment in moments if moment.starts_at > now]
    return min(days or coming, key=lambda moment: moment.starts_at, default=None)


def countries_of(campaign: Campaign) -> list[tuple[str, int]]:
    """Returns (country code, signatures); [] where the safety level publishes none."""
    return disclosure.by_country(campaign.petition) if campaign.petition else []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def opened_by_target(campaign: Campaign) -> list[tuple[Target, int | None]]:
    """Returns (target, opened) where there are several targets; None for a number that may not be told."""
    numbers = hourly_figures.by_target(campaign)
    return (
        [(target, numbers[target.pk]) for target in campaign.tweet_action.targets]
        if campaign.tweet_action and numbers
        else []
    )


@require_safe
@cached(FRESH)
def progress_json(request: HttpRequest, slug: str) -> JsonResponse:
    campaign = find(slug)
    figures = as_json(campaign, public_figures(campaign)) | {"paused": sorted(campaign.paused)}
    response = JsonResponse(figures, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    # Whoever asks again while nothing moved gets a 304, though the time has moved on.
    response.headers["ETag"] = etag(without_times(figures, but=("hourly_as_of", "matching_as_of")))
    return response


def etag(value: object) -> str:
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
    return f'W/"{digest}"'
