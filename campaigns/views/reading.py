"""Pages that only show: the same for everybody, cacheable, without a cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns import charts, rope
from campaigns.models import Campaign
from campaigns.progress import as_json, figures_by_campaign, public_figures
from core.http import cached
from petitions import moderation, tally
from petitions.forms import SignForm

FRESH = 3


def find(slug: str) -> Campaign:
    """A campaign that the public may see. Raises Http404."""
    return get_object_or_404(Campaign.objects.public().whole(), slug=slug)


def campaign_context(campaign: Campaign, form: SignForm | None = None) -> dict[str, object]:
    """What the campaign page shows, also when it comes back with errors in its form."""
    figures = public_figures(campaign)
    return {
        "campaign": campaign,
        "figures": figures,
        "rope": rope.draw(campaign.slug, figures),
        "form": form or SignForm(policy=campaign.policy),
        "moments": campaign.moments.all(),
        "updates": campaign.updates.published()[:3],
        "has_recap": has_recap(campaign),
    }


def has_recap(campaign: Campaign) -> bool:
    return hasattr(campaign, "recap") and bool(
        campaign.recap.published_at and campaign.recap.published_at <= timezone.now()
    )


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
    campaign = find(slug)
    figures = public_figures(campaign)
    context = {
        "campaign": campaign,
        "figures": figures,
        "rope": rope.draw(campaign.slug, figures),
        "charts": charts.of(campaign),
        "countries": tally.by_country(campaign.petition) if campaign.petition and campaign.policy.countries else [],
        "removals": moderation.removals(campaign.petition) if campaign.petition else [],
        "responses": campaign.responses.select_related("demand"),
        "has_recap": has_recap(campaign),
    }
    return render(request, "campaigns/progress.html", context)


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
    if not has_recap(campaign):
        raise Http404
    context = {
        "campaign": campaign,
        "figures": public_figures(campaign),
        "responses": campaign.responses.select_related("demand"),
    }
    return render(request, "campaigns/recap.html", context)


@require_safe
@cached(FRESH)
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return render(request, "campaigns/updates.html", {"campaign": campaign, "updates": campaign.updates.published()})
