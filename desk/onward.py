"""From one page of a draft to the next one, in the order in which a campaign is made: saving leads on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Status
from desk.places import page_of

ORDER = (
    "change",
    "safety",
    "petition",
    "action",
    "target",
    "texts",
    "parts",
    "moment",
    "languages",
    "live",
)
# As the theme's row of buttons takes it (unfold: actions_submit_line).
BUTTON = {"action_name": "_onward", "description": _("Save and continue")}


def buttons(campaign: Campaign, page: str) -> list[dict[str, Any]]:
    """What stands beside Save: once it is public, a campaign is changed here and there, in no order."""
    return [BUTTON] if campaign.status == Status.DRAFT and page in ORDER[:-1] else []


def saved(request: HttpRequest, campaign: int, page: str, back: str) -> HttpResponseRedirect:
    """Leads to the page after this one, if that was asked for; else to `back`."""
    leads_on = "_onward" in request.POST and page in ORDER[:-1]
    return HttpResponseRedirect(page_of(campaign, ORDER[ORDER.index(page) + 1]) if leads_on else back)
