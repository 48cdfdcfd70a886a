"""The desk, the first page of the admin: of each campaign how it stands, what waits for a person, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from actions import asking, budget
from campaigns.models import Campaign, Status
from core import switches
from core.mail import queues
from core.switches import State
from desk import coming, growth, waiting
from desk.coming import Coming
from desk.growth import Growth
from desk.places import page_of
from desk.waiting import Waits
from desk.withdrawal import CHANGE
from operations.models import Incident
from progress import meter
from progress.figures import Strands, strands_by_campaign

# So many campaigns, those that go on first; the others are in the list of all.
LISTED = 50
ORDER = (Status.LIVE, Status.INTEREST, Status.DRAFT, Status.CLOSED)


# Whoever may do one of these has a desk, even without a right to look at campaigns.
TAKES_OUT = ("petitions.change_export", "petitions.add_export", "campaigns.view_delivery")


@dataclass(frozen=True)
class Standing:
    """How one campaign stands. `spent`: US dollars for X this month; None where nothing is asked of X. `money`: where that
    is changed or listed, "" for those who may do neither."""

    campaign: Campaign
    strands: Strands
    meter: SafeString
    signed: Growth | None
    posted: Growth | None
    spent: Decimal | None
    money: str
    switched_off: list[State]
    waits: list[Waits]
    coming: list[Coming]


def context(request: HttpRequest, shown: dict[str, Any]) -> dict[str, Any]:
    """Adds what the desk shows to the context of the admin's first page (UNFOLD: DASHBOARD_CALLBACK)."""
    may = request.user.has_perm
    shown["desk_as_of"] = timezone.now()
    if may("campaigns.view_campaign"):
        shown["standings"], shown["more_campaigns"] = standings(request.user)
        shown["switched_off"] = switches.off()
        shown["x_is_connected"] = asking.is_connected()
        shown["mails_waiting"] = sum(queued.due for queued in queues.by_kind().values())
    elif any(map(may, TAKES_OUT)):
        shown["to_take_out"] = to_take_out(request.user)
    if may("operations.view_incident"):
        shown["incidents"] = Incident.objects.open().order_by("began_at")
    return shown


def to_take_out(reader: Any) -> list[tuple[Campaign, list[Waits]]]:
    """What waits for somebody who answers signers and courts: of the campaigns of their teams, those where something does."""
    campaigns = list(Campaign.objects.for_staff(reader).order_by("-launched_at", "-pk"))
    waits = waiting.by_campaign(campaigns, reader)
    return [(campaign, waits[campaign.pk]) for campaign in campaigns if campaign.pk in waits]


def standings(reader: Any) -> tuple[list[Standing], bool]:
    """The campaigns that go on or are just over, and whether there are more. The number of queries is the same for any number."""
    rank = Case(*(When(status=status, then=Value(rank)) for rank, status in enumerate(ORDER)))
    rows = (
        Campaign.objects.for_staff(reader)
        .filter(status__in=ORDER)
        .select_related("petition", "tweet_action", "recap", "press_kit")
    )
    campaigns = list(rows.order_by(rank, "-launched_at", "-pk")[: LISTED + 1])
    campaigns, more = campaigns[:LISTED], len(campaigns) > LISTED
    strands, waits, comes = (
        strands_by_campaign(campaigns),
        waiting.by_campaign(campaigns, reader),
        coming.by_campaign(campaigns, reader),
    )
    signed, posted = growth.signed(campaigns), growth.posted(campaigns)
    spent = budget.spent_by_action([campaign.tweet_action for campaign in campaigns if campaign.tweet_action])
    return [
        Standing(
            campaign=campaign,
            strands=strands[campaign.pk],
            meter=meter.draw(campaign, strands[campaign.pk]),
            signed=signed.get(campaign.pk),
            posted=posted.get(campaign.pk),
            spent=spent.get(campaign.tweet_action_id, Decimal(0)) if campaign.tweet_action_id else None,
            money=_money(campaign, reader),
            switched_off=[state for state in switches.off(campaign.pk) if state.campaign],
            waits=waits.get(campaign.pk, []),
            coming=comes.get(campaign.pk, []),
        )
        for campaign in campaigns
    ], more


def _money(campaign: Campaign, reader: Any) -> str:
    if reader.has_perms((CHANGE, "actions.change_tweetaction")):
        return page_of(campaign.pk, "action", "id_budget")
    charges = f"{reverse('admin:actions_charge_changelist')}?action__id__exact={campaign.tweet_action_id}"
    return charges if reader.has_perm("actions.view_charge") else ""
