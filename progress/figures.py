"""Every public figure, once: what it is, how many, as of when. Pages, JSON and all else show these and count nothing themselves."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils import timezone

from actions import asking, linking, opening, volume
from campaigns import pledging
from campaigns.models import Campaign, Demand, Reached, Response
from petitions import disclosure, removals, tally
from petitions.models import Petition
from petitions.paper import counting
from petitions.removals import Removal


class Result(StrEnum):
    """What came of a campaign, read from its demands."""

    WON = "won"
    PARTLY = "partly"
    LOST = "lost"


@dataclass(frozen=True)
class Strand:
    """One of the two ways towards the goal; `count` is None while nobody knows it."""

    count: int | None
    goal: int

    @property
    def percent(self) -> int | None:
        """The percentage of the goal, rounded down; above 100 when the goal is passed, None while unknown."""
        return None if self.count is None else self.count * 100 // self.goal

    @property
    def share(self) -> Fraction | None:
        """The fraction of the goal from 0 to 1, exactly; 1 for the goal and all beyond it."""
        return None if self.count is None else min(Fraction(self.count, self.goal), Fraction(1))

    @property
    def next_mark(self) -> int:
        """The next milestone: a tenth of the goal at a time, the goal itself last."""
        return self.mark(min(self.tenths + 1, 10))

    @property
    def tenths(self) -> int:
        """How many milestones are passed."""
        return min((self.count or 0) * 10 // self.goal, 10)

    def mark(self, tenth: int) -> int:
        """The milestone at so many tenths of the goal, rounded up."""
        return -(-self.goal * tenth // 10)


class Strands(NamedTuple):
    """What the meter shows; None for what the campaign does not have."""

    signatures: Strand | None
    tweets: Strand | None


@dataclass(frozen=True)
class PublicFigures:
    """`pending` and `under_review` are hourly and rounded to 10. `removed` is the sum of `removals`.
    `is_connected`: whether X answers us.
    `pledged`: how many have said beforehand that they take part; `forecast`: how many had when it was launched.
    `taken_part_as_of`: when `opened`, `linked`, `verified` and `pledged` were so; `confirmed_as_of`: when the signatures were so.
    `query`: what X is asked for; "" while the hashtag is kept back. `paper`: signatures on sheets, among no other number, and
    `paper_withdrawn` those that were counted and are no more; None where the safety level has none. None: unknown, or not asked."""

    as_of: datetime
    signatures: Strand | None
    pending: int | None
    under_review: int | None
    removed: int | None
    hourly_as_of: datetime | None
    tweets: Strand | None
    opened: int | None
    matching_as_of: datetime | None
    linked: int | None
    verified: int | None
    is_connected: bool
    pledged: int | None
    demands: list[Demand]
    responses: int
    days_without_response: int | None
    forecast: int | None = None
    taken_part_as_of: datetime | None = None
    confirmed_as_of: datetime | None = None
    query: str = ""
    removals: Sequence[Removal] = ()
    paper: int | None = None
    paper_withdrawn: int | None = None

    @property
    def percent(self) -> int | None:
        """The mean of the strands, each capped at 100, floored; None while a strand is unknown."""
        parts = [strand.share for strand in (self.signatures, self.tweets) if strand]
        known = [part for part in parts if part is not None]
        return math.floor(sum(known) * 100 / len(known)) if known and len(known) == len(parts) else None

    @property
    def not_looked_up(self) -> int:
        """Linked posts of which nobody has seen yet whether they are there."""
        return max((self.linked or 0) - (self.verified or 0), 0)

    def at_milestones(self, rounding: int = 1) -> PublicFigures:
        """The same, each strand as it was at its last milestone: for what is drawn once and looked at for long. `rounding`: of the
        signatures that are told."""

        def back(strand: Strand | None, rounding: int) -> Strand | None:
            if strand is None or strand.count is None:
                return strand
            return replace(strand, count=strand.mark(strand.tenths) // rounding * rounding)

        return replace(self, signatures=back(self.signatures, rounding), tweets=back(self.tweets, 1))

    @property
    def result(self) -> Result | None:
        """Won when every demand is met, lost when not one of them moved; None without demands."""
        reached = {demand.reached for demand in self.demands}
        if not reached:
            return None
        if reached == {Reached.EVERYTHING}:
            return Result.WON
        return Result.PARTLY if reached & {Reached.SOMETHING, Reached.EVERYTHING} else Result.LOST


def public_figures(campaign: Campaign) -> PublicFigures:
    """All figures of one campaign."""
    return figures_by_campaign([campaign])[campaign.pk]


def strands_by_campaign(campaigns: Sequence[Campaign]) -> dict[int, Strands]:
    """Both strands of each, by the campaign's id, in two queries."""
    confirmed = tally.confirmed_by_petition([campaign.petition for campaign in campaigns if campaign.petition])
    matching = volume.matching_by_action([campaign.tweet_action for campaign in campaigns if campaign.tweet_action])

    def strands(campaign: Campaign) -> Strands:
        petition, action = campaign.petition, campaign.tweet_action
        counted = confirmed.get(petition.pk, 0) if petition else 0
        told = disclosure.total(campaign.policy, counted, petition.confirmed_hourly) if petition else 0
        return Strands(
            Strand(told, campaign.signature_goal) if petition else None,
            Strand(matching.get(action.pk), campaign.tweet_goal) if action else None,
        )

    return {campaign.pk: strands(campaign) for campaign in campaigns}


def figures_by_campaign(campaigns: Sequence[Campaign]) -> dict[int, PublicFigures]:
    """All figures of each, in a fixed number of queries, however many campaigns and signatures there are."""
    actions = [campaign.tweet_action for campaign in campaigns if campaign.tweet_action]
    strands, asked = strands_by_campaign(campaigns), volume.asked_by_action(actions)
    opened, linked = opening.opened_by_action(actions), linking.counts_by_action(actions)
    taken_out = removals.by_petition([campaign.petition for campaign in campaigns if campaign.petition])
    on_paper = counting.by_petition(
        [campaign.petition for campaign in campaigns if campaign.petition and campaign.policy.paper]
    )
    connected, pledged = asking.is_connected(), pledging.counts(campaigns)
    demands, responses = defaultdict(list), defaultdict(list)
    by_id = {campaign.pk: campaign for campaign in campaigns}
    withdrawals = defaultdict(list)
    shown = ("campaign_id", "demand_id", "speaker", "said_at", "outcome", "withdrawn_at")
    for response in Response.objects.filter(campaign__in=campaigns).only(*shown):
        if response.withdrawn_at is None:
            responses[response.campaign_id].append(response.said_at)
        else:
            withdrawals[response.demand_id].append(response)
    for demand in Demand.objects.filter(campaign__in=campaigns).prefetch_related("translations"):
        demand.campaign = by_id[demand.campaign_id]
        demand.withdrawals = withdrawals[demand.pk]
        demands[demand.campaign_id].append(demand)
    now = timezone.now()

    def figures(campaign: Campaign) -> PublicFigures:
        petition, action = campaign.petition, campaign.tweet_action
        rounding, hourly = campaign.policy.rounding, getattr(campaign, "hourly", None)
        hour = petition if petition and petition.hourly_at else None
        live_linked, live_verified = linked.get(action.pk, (0, 0)) if action else (0, 0)
        question = asked.get(action.pk) if action else None
        sheets = on_paper.get(petition.pk, counting.NONE) if petition and campaign.policy.paper else None

        def told(live: int, last: int | None) -> int:
            return disclosure.total(campaign.policy, live, last)

        taken_part_as_of = now if rounding == 1 or hourly is None else hourly.taken_at
        as_of = now if rounding == 1 else (hour.hourly_at if hour else None) or taken_part_as_of
        return PublicFigures(
            as_of=as_of,
            taken_part_as_of=taken_part_as_of,
            confirmed_as_of=as_of if petition else None,
            signatures=strands[campaign.pk].signatures,
            pending=hour.pending if hour else None,
            under_review=hour.under_review if hour else None,
            removed=_removed(petition, rounding, taken_out[petition.pk]) if petition else None,
            removals=taken_out[petition.pk] if petition else (),
            paper=sheets.counted if sheets else None,
            paper_withdrawn=sheets.withdrawn if sheets else None,
            hourly_as_of=hour.hourly_at if hour else None,
            tweets=strands[campaign.pk].tweets,
            opened=told(opened.get(action.pk, 0), hourly.opened if hourly else None) if action else None,
            matching_as_of=question.as_of if question else None,
            query=question.query if question and not campaign.hides_hashtag else "",
            linked=told(live_linked, hourly.linked if hourly else None) if action else None,
            verified=told(live_verified, hourly.verified if hourly else None) if action else None,
            is_connected=connected,
            pledged=pledged[campaign.pk] if campaign.pledge_threshold else None,
            forecast=None if campaign.forecast is None else campaign.forecast // rounding * rounding,
            demands=demands[campaign.pk],
            responses=len(responses[campaign.pk]),
            days_without_response=_days_without_response(campaign, responses[campaign.pk]),
        )

    return {campaign.pk: figures(campaign) for campaign in campaigns}


def _removed(petition: Petition, rounding: int, told: Sequence[Removal]) -> int | None:
    """What the list of removals adds up to; in steps that of the last hour."""
    if rounding == 1:
        return removals.number(told)
    return petition.removed // rounding * rounding if petition.hourly_at else None


def _days_without_response(campaign: Campaign, responses: list[datetime]) -> int | None:
    """Whole days, in the campaign's zone, since the target last said anything, or since the launch; None unless it is live."""
    begun = max(responses, default=campaign.launched_at)
    if not campaign.is_live or begun is None:
        return None
    today = timezone.now().astimezone(campaign.zone).date()
    return max((today - begun.astimezone(campaign.zone).date()).days, 0)


def as_json(campaign: Campaign, figures: PublicFigures) -> dict[str, Any]:
    """The shape of progress.json: names and nesting stay."""
    signatures, tweets = figures.signatures, figures.tweets
    return {
        "campaign": campaign.slug,
        "status": campaign.status,
        "as_of": _moment(figures.as_of),
        "goal": {"statement": campaign.goal_statement, "percent": figures.percent},
        "signatures": {
            "confirmed": signatures.count if signatures else None,
            "pending": figures.pending,
            "under_review": figures.under_review,
            "removed": figures.removed,
            "paper": figures.paper,
            "goal": signatures.goal if signatures else None,
            "percent": signatures.percent if signatures else None,
            "confirmed_as_of": _moment(figures.confirmed_as_of),
            "hourly_as_of": _moment(figures.hourly_as_of),
        },
        "tweets": {
            "opened": figures.opened,
            "matching": tweets.count if tweets else None,
            "linked": figures.linked,
            "verified": figures.verified,
            "goal": tweets.goal if tweets else None,
            "percent": tweets.percent if tweets else None,
            "matching_as_of": _moment(figures.matching_as_of),
            "taken_part_as_of": _moment(figures.taken_part_as_of) if tweets else None,
        },
        "demands": [
            {"title": demand.title, "outcome": demand.outcome, "since": demand.since.isoformat()}
            for demand in figures.demands
        ],
        "responses": figures.responses,
        "days_without_response": figures.days_without_response,
    }


def without_times(data: dict[str, Any], but: Collection[str] = ()) -> dict[str, Any]:
    """The same without the names that end with "as_of", here and one level down; those of `but` stay."""

    def kept(part: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in part.items() if not name.endswith("as_of") or name in but}

    return {name: kept(value) if isinstance(value, dict) else value for name, value in kept(data).items()}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
