"""What stands on top of every page of a campaign: the way to the others, how far it is, what is missing, and what waits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns import readiness
from campaigns.models import Campaign
from core import switches
from desk import waiting
from desk.panel import panel
from desk.places import page_of, place_of
from desk.withdrawal import CHANGE
from progress import meter
from progress.figures import strands_by_campaign

# By name in the URL, in the order in which they are shown.
PAGES = {
    "change": _("Goal and demands"),
    "petition": _("Petition"),
    "action": _("Tweet action"),
    "target": _("Target"),
    "texts": _("Texts"),
    "parts": _("Parts of texts"),
    "x": _("On X"),
    "timeline": _("Timeline"),
    "afterwards": _("Afterwards"),
    "press": _("Press"),
    "paper": _("Paper"),
    "languages": _("Languages"),
    "safety": _("Safety and switches"),
    "team": _("Team"),
    "switches": _("Pause something"),
}
# Of those that no link in the row leads to.
NEW = {
    "moment": _("Add a moment"),
    "update": _("Write an update"),
    "response": _("Log a response"),
    "recap": _("The recap"),
}
# Those that only whoever may change the campaign may open.
ONLY_TO_CHANGE = ("languages", "switches")


def navigation(request: HttpRequest, campaign: Campaign, current: str) -> list[tuple[str, Any, bool]]:
    """Returns (URL, label, whether it is this one) of each page that the campaign has and the reader may open."""
    may_change = request.user.has_perm(CHANGE)
    names = [name for name in PAGES if may_change or name not in ONLY_TO_CHANGE]
    names = [name for name in names if campaign.has_paper or name != "paper"]
    return [(page_of(campaign.pk, name), PAGES[name], name == current) for name in names]


def head(request: HttpRequest, campaign: Campaign, current: str) -> dict[str, Any]:
    """Returns the context of desk/head.html. `campaign`: as it is stored, with all that belongs to it."""
    context = {
        "campaign": campaign,
        "current": current,
        "pages": navigation(request, campaign, current),
        "may_change": request.user.has_perm(CHANGE),
        "may_copy": request.user.has_perm("campaigns.add_campaign"),
        "may_report": request.user.has_perm("campaigns.report_campaign"),
        "may_choose": request.user.has_perm("petitions.change_signature"),
        "lacking": _lacking(campaign),
        "switched_off": switches.off(campaign.pk),
        "waiting": waiting.by_campaign([campaign], request.user).get(campaign.pk, []),
    }
    if current == "change":
        return context | panel(campaign)
    if campaign.launched_at:
        context["meter"] = meter.draw(campaign, strands_by_campaign([campaign])[campaign.pk])
    return context


def _lacking(campaign: Campaign) -> list[tuple[readiness.Item, str]]:
    """What keeps it from going live, with the place where each is mended. Once it was live people have seen it as it is."""
    if campaign.launched_at:
        return []
    missing = readiness.missing(readiness.checklist(campaign))
    return [(item, place_of(campaign.pk, item.place)) for item in missing]
