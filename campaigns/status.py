"""From one status to the next, with all that hangs on it; and how an answer moves a demand."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from actions import permitting, tracking
from actions.models import TweetAction
from campaigns import pledging
from campaigns.models import Campaign, Demand, Outcome, Response, Status
from petitions import closing, signing
from petitions.models import Petition


def apply(campaign: Campaign, before: str = "") -> None:
    """Make petition and tweet action follow the campaign's status: collecting from X goes on while it is live and X may be
    asked, a closed campaign takes no more signatures, one that is opened again does. Saying it twice changes nothing."""
    over = (Status.CLOSED, Status.ARCHIVED)
    with transaction.atomic():
        if campaign.is_live and campaign.launched_at is None:
            campaign.launched_at = timezone.now()
            # What was promised beforehand is kept as it was: afterwards it stands beside what came of it.
            campaign.forecast = pledging.count(campaign) if campaign.pledge_threshold else None
            campaign.save(update_fields=["status", "launched_at", "forecast"])
        if campaign.tweet_action:
            _track(campaign.tweet_action, campaign.is_live and permitting.may_count(campaign.tweet_action))
        petition = campaign.petition
        if petition and campaign.status in over and (petition.is_open or petition.waits_though_signed):
            closing.close(petition)
        elif petition and campaign.is_live and before in over and not petition.is_open:
            closing.reopen(petition)
        if petition and not campaign.policy.sources:
            signing.forget_sources(Petition.objects.filter(pk=petition.pk))


def locked(number: int) -> Campaign:
    """Returns the campaign with this id, which nobody else moves until this transaction ends, and its parts as they are by then: of
    what a row is joined with, whoever waits for its lock would see what was there before."""
    Campaign.objects.select_for_update(no_key=True).get(pk=number)
    return Campaign.objects.whole().get(pk=number)


def _track(action: TweetAction, live: bool) -> None:
    if live:
        tracking.set_query(action, action.query or tracking.default_query(action))
    else:
        tracking.stop(action)
    if action.is_tracking != live:
        action.is_tracking = live
        action.save(update_fields=["is_tracking"])


def ask_for(campaign: Campaign, action: TweetAction, query: str) -> None:
    """X is asked for this: from now on while the campaign is live, else once it is."""
    if campaign.is_live and permitting.may_count(action):
        tracking.set_query(action, query)
    else:
        tracking.prepare(action, query)


def settle_demand(demand: Demand, removed: Response | None = None) -> None:
    """The demand's outcome is what the newest answer that moves it says, unless staff have set a later one by hand.

    `removed`: an answer as it was before it was changed, deleted or withdrawn; what only that one said follows what it says now.
    """
    demand.refresh_from_db()
    newest = demand.responses.standing().exclude(outcome="").order_by("-said_at").first()
    if removed and (demand.outcome, demand.since) == (removed.outcome, _day(removed)):
        _set(demand, newest.outcome if newest else Outcome.OPEN, _day(newest) if newest else timezone.localdate())
    elif newest and (demand.outcome == Outcome.OPEN or _day(newest) >= demand.since):
        _set(demand, newest.outcome, _day(newest))


def move_demand(response: Response) -> None:
    if response.demand and response.outcome:
        settle_demand(response.demand)


def _day(response: Response) -> date:
    return response.said_at.astimezone(response.campaign.zone).date()


def _set(demand: Demand, outcome: str, since: date) -> None:
    if (demand.outcome, demand.since) != (outcome, since):
        demand.outcome, demand.since = outcome, since
        demand.save(update_fields=["outcome", "since"])
