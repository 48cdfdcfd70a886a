"""What stands on top of every page of a campaign: the way to the others, how far it is, what is missing, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.models import Tweet
from campaigns import closing, readiness, responding
from campaigns.models import Campaign
from desk.panel import panel
from desk.places import page_of, place_of
from desk.withdrawal import CHANGE
from petitions.models import Voice
from progress import meter
from progress.figures import strands

# By name in the URL, in the order in which they are shown.
PAGES = {
    "change": _("Goal and demands"),
    "petition": _("Petition"),
    "action": _("Tweet action"),
    "target": _("Target"),
    "texts": _("Texts"),
    "parts": _("Parts of texts"),
    "x": _("At X"),
    "timeline": _("Timeline"),
    "afterwards": _("Afterwards"),
    "press": _("Press"),
    "languages": _("Languages"),
    "safety": _("Safety and switches"),
}
# Of those that no link in the row leads to.
NEW = {
    "moment": _("Add a moment"),
    "update": _("Write an update"),
    "response": _("Log a response"),
    "recap": _("The recap"),
}
# Those that only whoever may change the campaign may open.
ONLY_TO_CHANGE = ("languages",)


def navigation(request: HttpRequest, campaign: int, current: str) -> list[tuple[str, Any, bool]]:
    """Returns (URL, label, whether it is this one) of each page that the reader may open."""
    may_change = request.user.has_perm(CHANGE)
    names = [name for name in PAGES if may_change or name not in ONLY_TO_CHANGE]
    return [(page_of(campaign, name), PAGES[name], name == current) for name in names]


def head(request: HttpRequest, campaign: Campaign, current: str) -> dict[str, Any]:
    """Returns the context of desk/head.html. `campaign`: as it is stored, with all that belongs to it."""
    context = {
        "campaign": campaign,
        "current": current,
        "pages": navigation(request, campaign.pk, current),
        "may_change": request.user.has_perm(CHANGE),
        "may_copy": request.user.has_perm("campaigns.add_campaign"),
        "may_close": closing.may_close(campaign),
        "lacking": _lacking(campaign),
        "waiting": [*_waiting(request, campaign)],
    }
    if current == "change":
        return context | panel(campaign)
    if campaign.launched_at:
        context["meter"] = meter.draw(campaign, strands(campaign))
    return context


def _lacking(campaign: Campaign) -> list[tuple[readiness.Item, str]]:
    """What keeps it from going live, with the place where each is mended. Once it was live people have seen it as it is."""
    if campaign.launched_at:
        return []
    missing = readiness.missing(readiness.checklist(campaign))
    return [(item, place_of(campaign.pk, item.place)) for item in missing]


def _waiting(request: HttpRequest, campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Returns what waits for a person, in words, and where somebody acts on it."""
    action, petition = campaign.tweet_action, campaign.petition
    if action and (number := responding.unseen(campaign).count()):
        said = ngettext(
            "%(number)s post of the target nobody has seen", "%(number)s posts of the target nobody has seen", number
        )
        yield (
            said % {"number": number},
            reverse("admin:actions_tweet_changelist") + "?kind__exact=target&seen_at__isempty=1",
        )
    if action and (number := Tweet.objects.candidates().filter(action=action).count()):
        said = ngettext("%(number)s post to look at", "%(number)s posts to look at", number)
        where = reverse("admin:actions_tweet_changelist")
        yield said % {"number": number}, f"{where}?action__id__exact={action.pk}&review__exact=none"
    voices = Voice.objects.waiting().filter(petition=petition)
    if petition and request.user.has_perm("petitions.view_voice") and (number := voices.count()):
        said = ngettext("%(number)s comment to read", "%(number)s comments to read", number)
        where = reverse("admin:petitions_voice_changelist")
        yield said % {"number": number}, f"{where}?petition__id__exact={petition.pk}"
