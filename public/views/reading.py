"""Pages that only show: the same for everybody, cacheable, without a cookie."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from actions.models import Tweet
from campaigns import sourcing
from campaigns.finding import find
from campaigns.models import Campaign, CampaignPicture, MomentPicture, Status
from core.text.cleaning import cleaned
from core.web.http import FRESH, cached
from core.web.parameters import takes
from petitions.forms import SignForm
from progress import meter, share_image
from progress.figures import figures_by_campaign, public_figures
from public.forms import PledgeForm

# So many cards on the wall; so many campaigns on a page.
WALL, CAMPAIGNS = 60, 20
# Up to so many are looked over sooner than searched.
FEW_CAMPAIGNS = 6


def campaign_context(campaign: Campaign, form: SignForm | None = None) -> dict[str, object]:
    """What the campaign page shows, also when it comes back with errors in its form."""
    figures, now = public_figures(campaign), timezone.now()
    pictures = campaign.pictures.select_related("campaign").defer("whole", "content").prefetch_related("translations")
    return {
        "campaign": campaign,
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "image": share_image.version(campaign, get_language() or ""),
        "form": form or sign_form(campaign),
        "pledge_form": PledgeForm() if campaign.is_pledging else None,
        "pledges_first": campaign.is_pledging and campaign.status == Status.INTEREST,
        "moments": campaign.moments.for_pages(),
        "today": campaign.moments.days_of_action().current(now).first(),
        "next_day": campaign.moments.days_of_action().coming(now).first(),
        "updates": campaign.updates.published().select_related("campaign").prefetch_related("translations")[:3],
        "cards": cards(campaign)[:3],
        "pictures": {row.kind: row for row in pictures},
    }


def sign_form(campaign: Campaign, typed: QueryDict | None = None, initial: dict[str, str] | None = None) -> SignForm:
    return SignForm(typed, initial=initial, policy=campaign.policy, likely=campaign.countries_first)


def cards(campaign: Campaign) -> QuerySet[Tweet]:
    """Chosen public posts, newest first, as long as they stand at X."""
    action = campaign.tweet_action
    return Tweet.objects.shown().filter(action=action) if action else Tweet.objects.none()


@require_safe
@cached(FRESH)
@takes("page", "q")
def home(request: HttpRequest) -> HttpResponse:
    """Lists campaigns, those that can be signed first; `?page=2` shows the next ones, `?q=river` those that speak of a river."""
    words = cleaned(request.GET.get("q", "")).strip()
    translations = ("translations", "tweet_action__target__translations")
    found = Campaign.objects.public().matching(words).open_first().whole().prefetch_related(*translations)
    pages, number = Paginator(found, CAMPAIGNS), int(request.GET.get("page", 1))
    if number > pages.num_pages:
        raise Http404
    page = pages.page(number)
    campaigns = list(page)
    figures = figures_by_campaign(campaigns)
    shown = [
        {"campaign": campaign, "figures": figures[campaign.pk], "meter": meter.draw(campaign, figures[campaign.pk])}
        for campaign in campaigns
    ]
    context = {
        "campaigns": shown,
        "words": words,
        "found": pages.count,
        "may_search": bool(words) or pages.count > FEW_CAMPAIGNS,
        # The switch of languages keeps the page.
        "page_query": _page_query(words, number),
        "previous": reverse("home") + _page_query(words, number - 1) if page.has_previous() else "",
        "next": reverse("home") + _page_query(words, number + 1) if page.has_next() else "",
    }
    if page.has_other_pages():
        context["where"] = gettext("Page %(number)s of %(last)s") % {
            "number": number_format(number),
            "last": number_format(pages.num_pages),
        }
    return render(request, "public/home.html", context)


def _page_query(words: str, number: int) -> str:
    asked = {"q": words} if words else {}
    if number > 1:
        asked["page"] = str(number)
    return f"?{urlencode(asked)}" if asked else ""


@require_safe
@cached(FRESH)
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "public/campaign.html", campaign_context(find(slug)))


@require_safe
@cached(3600)
def picture(request: HttpRequest, slug: str, number: int, version: str) -> HttpResponse:
    """One that a campaign's page shows. Its URL names its version, so that it may be kept."""
    found = get_object_or_404(CampaignPicture.objects.defer("whole"), campaign=find(slug), pk=number, version=version)
    return HttpResponse(bytes(found.content), content_type="image/jpeg")


@require_safe
@cached(60)
def moment_picture(request: HttpRequest, slug: str, number: int, version: str) -> HttpResponse:
    """That of a key moment, as long as it may be shown: gone within a minute."""
    rows = MomentPicture.objects.select_related("moment__campaign")
    found = get_object_or_404(rows, moment__campaign=find(slug), pk=number, version=version)
    if found.moment.shown_picture is None:
        raise Http404
    return HttpResponse(bytes(found.content), content_type="image/jpeg")


@require_safe
@cached(FRESH)
def campaign_from(request: HttpRequest, slug: str, source: str) -> HttpResponse:
    """The campaign page, whose form says which link led there, and nothing else does. An unknown source leads to the bare page."""
    found = find(slug)
    if not sourcing.is_known(found, source):
        return redirect(found)
    # To its canonical URL, its languages and its tabs it is the campaign page.
    request.path = found.get_absolute_url()
    form = sign_form(found, initial={"source": source})
    return render(request, "public/campaign.html", campaign_context(found, form))


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
    in_entries, figures = {entry.response_id for entry in entries}, public_figures(campaign)
    context = {
        "campaign": campaign,
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "entries": [(entry, entry.tweet_id in shown) for entry in entries],
        "responses": [row for row in campaign.responses.for_pages() if row.pk not in in_entries],
        "deliveries": campaign.deliveries.for_pages(),
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
