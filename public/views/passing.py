"""Pass it on: texts for friends, the address to copy, the picture. The same for everybody, so it tells of nobody who signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from actions.networks import FRIEND_HOSTS, FRIENDS
from campaigns import sourcing
from campaigns.finding import find
from campaigns.models import Campaign
from campaigns.models.sources import LINK, STALL
from core.drawing import qr
from core.web.http import FRESH, View, cached
from progress import share_image
from public.forms import FriendForm, Post

to_friends = cast(Callable[[View], View], csp_update({"form-action": FRIEND_HOSTS}))


@require_safe
@cached(FRESH)
@to_friends
def pass_on(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    return page(request, campaign, FriendForm(initial={"text": written_to_a_friend(campaign)}))


@require_safe
@cached(FRESH)
def qr_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's address as a picture for cameras: for a stall, a leaflet, a poster."""
    response = HttpResponse(qr.svg(sourcing.url(find(slug), STALL)), content_type="image/svg+xml")
    # A picture of ours, and nothing else in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def subject(campaign: Campaign) -> str:
    """What a mail about this campaign is about: the petition's title, else the goal."""
    return str(campaign.petition.translated.title if campaign.petition else campaign.translated.goal_statement)


def written_to_a_friend(campaign: Campaign) -> str:
    """Says what it is about, and nothing of whether the writer has signed."""
    text = gettext("Hi! I think this matters, and more people should know about it: “%(title)s”. Will you have a look?")
    return text % {"title": subject(campaign)}


def page(request: HttpRequest, campaign: Campaign, form: FriendForm, status: int = 200) -> HttpResponse:
    now, text = timezone.now(), Post().to_python(form["text"].value())
    urls = {
        network: sourcing.url(campaign, network.slug)
        for network in FRIENDS.values()
        if campaign.policy.messengers or network.is_sealed
    }
    # Nothing is ahead of a campaign that is over, whatever was planned.
    ahead = campaign.moments.none() if campaign.is_over else campaign.moments.coming(now)
    context = {
        "campaign": campaign,
        "form": form,
        "offers": [
            {
                "network": network,
                "url": url,
                "weight": network.weight(text, url),
                "is_over": not network.takes(text, url),
            }
            for network, url in urls.items()
        ],
        "link": sourcing.url(campaign, LINK),
        "image": share_image.version(campaign, get_language() or ""),
        "next_moment": ahead.first(),
        "next_day": ahead.days_of_action().first(),
    }
    return render(request, "public/pass_on.html", context, status=status)
