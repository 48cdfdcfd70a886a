"""Pages that only show: the same for everybody, cacheable, without a cookie."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from actions import volume
from actions.models import Target, Tweet
from campaigns import charts, definitions, hourly, milestones, rope, share_image, snapshots, worldmap
from campaigns.forms import PledgeForm
from campaigns.models import Campaign, Response, Status
from campaigns.progress import as_json, figures_by_campaign, public_figures
from core.drawing import pdf
from core.web.http import cached
from core.web.parameters import takes
from petitions import moderation, publishing
from petitions.forms import SignForm
from petitions.models import Decision

FRESH = 3
# So many cards on the wall.
WALL = 60


def find(slug: str) -> Campaign:
    """A campaign that the public may see. Raises Http404."""
    return get_object_or_404(Campaign.objects.public().whole(), slug=slug)


def campaign_context(campaign: Campaign, form: SignForm | None = None) -> dict[str, object]:
    """What the campaign page shows, also when it comes back with errors in its form."""
    figures, now = public_figures(campaign), timezone.now()
    return {
        "campaign": campaign,
        "figures": figures,
        "rope": rope.draw(campaign, figures),
        "image": share_image.version(campaign, get_language() or ""),
        "form": form or SignForm(policy=campaign.policy),
        "pledge_form": PledgeForm() if campaign.is_pledging else None,
        "pledges_first": campaign.is_pledging and campaign.status == Status.INTEREST,
        "moments": campaign.moments.select_related("campaign").prefetch_related("wordings"),
        "today": campaign.moments.days_of_action().current(now).first(),
        "next_day": campaign.moments.days_of_action().coming(now).first(),
        "updates": campaign.updates.published().select_related("campaign").prefetch_related("wordings")[:3],
        "cards": cards(campaign)[:3],
    }


def cards(campaign: Campaign) -> QuerySet[Tweet]:
    """Chosen public posts, newest first, as long as they stand at X."""
    action = campaign.tweet_action
    return Tweet.objects.shown().filter(action=action) if action else Tweet.objects.none()


@require_safe
@cached(FRESH)
def home(request: HttpRequest) -> HttpResponse:
    wordings = ("wordings", "tweet_action__target__wordings")
    campaigns = list(Campaign.objects.public().whole().prefetch_related(*wordings))
    figures = figures_by_campaign(campaigns)
    shown = [
        {"campaign": campaign, "figures": figures[campaign.pk], "rope": rope.draw(campaign, figures[campaign.pk])}
        for campaign in campaigns
    ]
    return render(request, "campaigns/home.html", {"campaigns": shown})


@require_safe
@cached(FRESH)
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "campaigns/campaign.html", campaign_context(find(slug)))


@require_safe
@cached(FRESH)
@takes("day", "confirmed")
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """`?day=2026-06-15`: the charts of that day, by the hour."""
    campaign = find(slug)
    context = progress_context(campaign, _day(request.GET.get("day", "")))
    context["image"] = share_image.version(campaign, get_language() or "")
    return render(request, "campaigns/progress.html", context)


def progress_context(campaign: Campaign, day: date | None = None) -> dict[str, object]:
    """All that the progress page and its paper show; of one day by the hour, if `day`."""
    figures = public_figures(campaign)
    return {
        "campaign": campaign,
        "figures": figures,
        "rope": rope.draw(campaign, figures),
        "goal": definitions.goal(campaign, figures),
        "signatures": definitions.signatures(campaign, figures),
        "ladder": definitions.ladder(campaign, figures),
        "apart": definitions.apart(campaign),
        "milestones": milestones.of(campaign, figures),
        "charts": charts.of(campaign, day),
        "day": day,
        "countries": countries_of(campaign),
        "shades": worldmap.legend(),
        "removals": removals_of(campaign),
        "responses": responses_of(campaign),
        "left_out": volume.left_out(campaign.tweet_action) if campaign.tweet_action else [],
        "by_target": opened_by_target(campaign),
        "snapshot": snapshots.of(campaign).first(),
        "has_paper": pdf.available(),
    }


def countries_of(campaign: Campaign) -> list[tuple[str, int]]:
    """Empty where the safety level keeps them to itself."""
    return publishing.by_country(campaign.petition) if campaign.petition else []


def removals_of(campaign: Campaign) -> QuerySet[Decision]:
    """Where all is hourly, those since the last hour are not told yet."""
    petition = campaign.petition
    if petition is None or (campaign.policy.step > 1 and petition.snapshot_at is None):
        return Decision.objects.none()
    removals = moderation.removals(petition)
    return removals if campaign.policy.step == 1 else removals.filter(decided_at__lte=petition.snapshot_at)


def responses_of(campaign: Campaign) -> QuerySet[Response]:
    return campaign.responses.select_related("campaign", "demand__campaign").prefetch_related(
        "wordings", "demand__wordings"
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def opened_by_target(campaign: Campaign) -> list[tuple[Target, int | None]]:
    """Per target, where there are several; None where it may not be told."""
    numbers = hourly.by_target(campaign)
    return (
        [(target, numbers[target.pk]) for target in campaign.tweet_action.targets]
        if campaign.tweet_action and numbers
        else []
    )


@require_safe
@cached(FRESH)
def progress_json(request: HttpRequest, slug: str) -> JsonResponse:
    campaign = find(slug)
    figures = as_json(campaign, public_figures(campaign))
    response = JsonResponse(figures, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    # Whoever asks again while nothing moved gets a 304, though the time has moved on.
    response.headers["ETag"] = etag({**figures, "as_of": None})
    return response


def etag(value: object) -> str:
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
    return f'W/"{digest}"'


@require_safe
@cached(FRESH)
def recap(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if not campaign.has_recap:
        raise Http404
    joined = ("tweet", "recap__campaign", "response__campaign", "response__demand__campaign")
    parts = campaign.recap.parts.select_related(*joined).prefetch_related(
        "wordings", "response__wordings", "response__demand__wordings"
    )
    shown = set(Tweet.objects.shown().filter(pk__in=[part.tweet_id for part in parts]).values_list("pk", flat=True))
    in_parts = {part.response_id for part in parts}
    context = {
        "campaign": campaign,
        "figures": public_figures(campaign),
        "parts": [(part, part.tweet_id in shown) for part in parts],
        "responses": [row for row in responses_of(campaign) if row.pk not in in_parts],
    }
    return render(request, "campaigns/recap.html", context)


@require_safe
@cached(FRESH)
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    published = campaign.updates.published().select_related("campaign").prefetch_related("wordings")
    return render(request, "campaigns/updates.html", {"campaign": campaign, "updates": published})


@require_safe
@cached(FRESH)
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return render(request, "campaigns/wall.html", {"campaign": campaign, "cards": cards(campaign)[:WALL]})
