"""Pages that only show: the same for everybody, cacheable, without a cookie."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from actions.models import Tweet
from campaigns.finding import find
from campaigns.models import Campaign, Status
from core.web.http import FRESH, cached
from petitions.forms import SignForm
from progress import meter, share_image
from progress.figures import figures_by_campaign, public_figures
from public.forms import PledgeForm

# So many cards on the wall.
WALL = 60


def campaign_context(campaign: Campaign, form: SignForm | None = None) -> dict[str, object]:
    """What the campaign page shows, also when it comes back with errors in its form."""
    figures, now = public_figures(campaign), timezone.now()
    return {
        "campaign": campaign,
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "image": share_image.version(campaign, get_language() or ""),
        "form": form or SignForm(policy=campaign.policy),
        "pledge_form": PledgeForm() if campaign.is_pledging else None,
        "pledges_first": campaign.is_pledging and campaign.status == Status.INTEREST,
        "moments": campaign.moments.select_related("campaign").prefetch_related("translations"),
        "today": campaign.moments.days_of_action().current(now).first(),
        "next_day": campaign.moments.days_of_action().coming(now).first(),
        "updates": campaign.updates.published().select_related("campaign").prefetch_related("translations")[:3],
        "cards": cards(campaign)[:3],
    }


def cards(campaign: Campaign) -> QuerySet[Tweet]:
    """Chosen public posts, newest first, as long as they stand at X."""
    action = campaign.tweet_action
    return Tweet.objects.shown().filter(action=action) if action else Tweet.objects.none()


@require_safe
@cached(FRESH)
def home(request: HttpRequest) -> HttpResponse:
    translations = ("translations", "tweet_action__target__translations")
    campaigns = list(Campaign.objects.public().whole().prefetch_related(*translations))
    figures = figures_by_campaign(campaigns)
    shown = [
        {"campaign": campaign, "figures": figures[campaign.pk], "meter": meter.draw(campaign, figures[campaign.pk])}
        for campaign in campaigns
    ]
    return render(request, "public/home.html", {"campaigns": shown})


@require_safe
@cached(FRESH)
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "public/campaign.html", campaign_context(find(slug)))


@require_safe
@cached(FRESH)
def recap(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if not campaign.has_recap:
        raise Http404
    joined = ("tweet", "recap__campaign", "response__campaign", "response__demand__campaign")
    entries = campaign.recap.entries.select_related(*joined).prefetch_related(
        "translations", "response__translations", "response__demand__translations"
    )
    shown = set(Tweet.objects.shown().filter(pk__in=[entry.tweet_id for entry in entries]).values_list("pk", flat=True))
    in_entries = {entry.response_id for entry in entries}
    context = {
        "campaign": campaign,
        "figures": public_figures(campaign),
        "entries": [(entry, entry.tweet_id in shown) for entry in entries],
        "responses": [row for row in campaign.responses.for_pages() if row.pk not in in_entries],
    }
    return render(request, "public/recap.html", context)


@require_safe
@cached(FRESH)
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    published = campaign.updates.published().select_related("campaign").prefetch_related("translations")
    return render(request, "public/updates.html", {"campaign": campaign, "updates": published})


@require_safe
@cached(FRESH)
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return render(request, "public/wall.html", {"campaign": campaign, "cards": cards(campaign)[:WALL]})
