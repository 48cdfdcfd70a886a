"""Pages that only show: the same for everybody, cacheable, without a cookie."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions import opening, volume
from actions.models import Target, Tweet
from campaigns import charts, rope
from campaigns.forms import PledgeForm
from campaigns.models import Campaign
from campaigns.progress import as_json, figures_by_campaign, public_figures
from core.http import cached
from petitions import moderation, tally
from petitions.forms import SignForm

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
        "rope": rope.draw(campaign.slug, figures),
        "form": form or SignForm(policy=campaign.policy),
        "pledge_form": PledgeForm() if campaign.is_pledging else None,
        "moments": campaign.moments.all(),
        "today": campaign.moments.days_of_action().current(now).first(),
        "next_day": campaign.moments.days_of_action().coming(now).first(),
        "updates": campaign.updates.published()[:3],
        "cards": cards(campaign)[:3],
    }


def cards(campaign: Campaign) -> QuerySet[Tweet]:
    """Chosen public posts, newest first, as long as they stand at X."""
    action = campaign.tweet_action
    return Tweet.objects.shown().filter(action=action) if action else Tweet.objects.none()


@require_safe
@cached(FRESH)
def home(request: HttpRequest) -> HttpResponse:
    campaigns = list(Campaign.objects.public().whole())
    figures = figures_by_campaign(campaigns)
    shown = [
        {"campaign": campaign, "figures": figures[campaign.pk], "rope": rope.draw(campaign.slug, figures[campaign.pk])}
        for campaign in campaigns
    ]
    return render(request, "campaigns/home.html", {"campaigns": shown})


@require_safe
@cached(FRESH)
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "campaigns/campaign.html", campaign_context(find(slug)))


@require_safe
@cached(FRESH)
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """`?day=2026-06-15`: the charts of that day, by the hour."""
    campaign, day = find(slug), _day(request.GET.get("day", ""))
    figures = public_figures(campaign)
    context = {
        "campaign": campaign,
        "figures": figures,
        "rope": rope.draw(campaign.slug, figures),
        "charts": charts.of(campaign, day),
        "day": day,
        "countries": tally.by_country(campaign.petition) if campaign.petition and campaign.policy.countries else [],
        "removals": moderation.removals(campaign.petition) if campaign.petition else [],
        "responses": campaign.responses.select_related("demand"),
        "left_out": volume.left_out(campaign.tweet_action) if campaign.tweet_action else [],
        "by_target": opened_by_target(campaign),
    }
    return render(request, "campaigns/progress.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def opened_by_target(campaign: Campaign) -> list[tuple[Target, int]]:
    """Per target, where there are several."""
    action = campaign.tweet_action
    if action is None or len(action.targets) < 2:
        return []
    numbers = opening.opened_by_target(action)
    return [(target, numbers.get(target.pk, 0)) for target in action.targets]


@require_safe
@cached(FRESH)
def progress_json(request: HttpRequest, slug: str) -> JsonResponse:
    campaign = find(slug)
    response = JsonResponse(as_json(campaign, public_figures(campaign)), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@cached(FRESH)
def recap(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if not campaign.has_recap:
        raise Http404
    parts = campaign.recap.parts.select_related("tweet", "response__demand")
    shown = set(Tweet.objects.shown().filter(pk__in=[part.tweet_id for part in parts]).values_list("pk", flat=True))
    in_parts = {part.response_id for part in parts}
    context = {
        "campaign": campaign,
        "figures": public_figures(campaign),
        "parts": [(part, part.tweet_id in shown) for part in parts],
        "responses": [row for row in campaign.responses.select_related("demand") if row.pk not in in_parts],
    }
    return render(request, "campaigns/recap.html", context)


@require_safe
@cached(FRESH)
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return render(request, "campaigns/updates.html", {"campaign": campaign, "updates": campaign.updates.published()})


@require_safe
@cached(FRESH)
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return render(request, "campaigns/wall.html", {"campaign": campaign, "cards": cards(campaign)[:WALL]})
