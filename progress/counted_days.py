"""Days as reports tell them: each is counted once, when it is over in the campaign's zone, by the rule of petitions/disclosure.py for
cells. So no report, no difference between two of them and no second look tells of fewer than five people.

What is too few to be told is carried to the next day. Where the safety level tells of people in steps there are no days.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as of_day
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from campaigns.models import Campaign, Status
from core.privacy.safety import POLICIES
from petitions import disclosure
from petitions.models import LINK_LIVES
from progress import day_counts
from progress.day_counts import Counts
from progress.models import CountedDay

# Until the last openings and signatures of a day are in the tally.
SETTLES = timedelta(minutes=10)
# Links are confirmed for so long after the end.
GOES_ON = LINK_LIVES + timedelta(days=1)


def due(now: datetime) -> list[Campaign]:
    """Those of which days are told, and one may be over that was not counted yet."""
    counted = Campaign.objects.annotate(counted_until=Max("counted_days__end"))
    late = Q(counted_until=None) | Q(counted_until__lt=now - timedelta(hours=22))
    campaigns = counted.filter(late).exclude(status__in=[Status.DRAFT, Status.ARCHIVED]).whole()
    return [campaign for campaign in campaigns if campaign.policy.rounding == 1 and _goes_on(campaign)]


def _goes_on(campaign: Campaign) -> bool:
    """Whether more may come than was counted: after the end there are only links that are still to be confirmed."""
    if not campaign.is_over:
        return True
    newest, closes_at = campaign.counted_days.first(), campaign.petition.closes_at if campaign.petition else None
    return closes_at is not None and (newest is None or newest.end < closes_at + GOES_ON)


def catch_up(seconds: float) -> None:
    """Counts all days that are over, for so long. Where the safety level was raised to one that tells no days, those of the former
    one go."""
    ends = time.monotonic() + seconds
    for campaign in due(timezone.now()):
        while _goes_on(campaign) and time.monotonic() < ends and count_next(campaign):
            pass
    in_steps = [level for level, policy in POLICIES.items() if policy.rounding > 1]
    CountedDay.objects.filter(campaign__safety__in=in_steps).delete()


def count_next(campaign: Campaign) -> CountedDay | None:
    """The first day that was not counted yet; None while it is not over. Whoever comes second finds it counted."""
    now = timezone.now()
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        before = campaign.counted_days.first()
        span = _next_span(campaign, before)
        if span is None or span[2] > now - SETTLES:
            return None
        day, start, end = span
        told_before, carried = (before.told, before.carried) if before else ({}, {})
        missing, came = day_counts.missing(start, now), day_counts.counts(campaign, start, end)
        known = {series: cells for series, cells in came.items() if series not in missing}
        actual = day_counts.added(told_before, carried, known)
        told = {series: disclosure.cells(told_before.get(series, {}), cells) for series, cells in actual.items()}
        campaign.counted_days.exclude(carried={}).update(carried={})
        return CountedDay.objects.create(
            campaign=campaign,
            day=day,
            start=start,
            end=end,
            told=told,
            carried=_too_few(told, actual),
            missing=missing,
            mails=_mails(campaign, now),
        )


def _too_few(told: Counts, actual: Counts) -> Counts:
    """What is to be added to `told` to have all; cells of which too much was told for now are below zero."""
    left = {
        series: {cell: cells.get(cell, 0) - told[series].get(cell, 0) for cell in {**cells, **told[series]}}
        for series, cells in actual.items()
    }
    return {series: {cell: number for cell, number in cells.items() if number} for series, cells in left.items()}


def _mails(campaign: Campaign, now: datetime) -> Counts:
    return {
        kind: {outcome: disclosure.rounded_down(number) for outcome, number in outcomes.items()}
        for kind, outcomes in day_counts.mails_now(campaign, now).items()
    }


def _next_span(campaign: Campaign, before: CountedDay | None) -> tuple[date, datetime, datetime] | None:
    """(day, start, end). Days follow each other without a gap, also when the zone was set right meanwhile."""
    if before:
        day, start = before.day + timedelta(days=1), before.end
    else:
        begun = _begun(campaign)
        if begun is None:
            return None
        day = begun.astimezone(campaign.zone).date()
        start = midnight(day, campaign.zone)
    while (end := midnight(day + timedelta(days=1), campaign.zone)) <= start:
        day += timedelta(days=1)
    return day, start, end


def _begun(campaign: Campaign) -> datetime | None:
    """When it was launched, or somebody took part before that."""
    moments = [campaign.launched_at, campaign.pledges.aggregate(first=Min("pledged_at"))["first"]]
    if campaign.petition:
        moments.append(campaign.petition.signatures.aggregate(first=Min("signed_at"))["first"])
    return min((moment for moment in moments if moment), default=None)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, of_day.min, zone).astimezone(UTC)


class Told:
    """What is told of the days from `first` to `last`, both included. Nothing where none of them was counted."""

    def __init__(self, campaign: Campaign, first: date, last: date) -> None:
        days = campaign.counted_days.filter(day__lte=last)
        within = days.filter(day__gte=first)
        self.missing = set(chain.from_iterable(within.values_list("missing", flat=True)))
        before, until = days.filter(day__lt=first).first(), within.first()
        self.is_counted = until is not None
        self._before: Counts = before.told if before else {}
        self._until: Counts = until.told if until else {}
        self.mails: Counts = until.mails if until else {}

    def cells(self, series: str) -> dict[str, int] | None:
        """What came to each cell that moved; REST may lose what has a cell of its own by now. None where it is not known."""
        if not self.is_counted or series in self.missing:
            return None
        before, until = self._before.get(series, {}), self._until.get(series, {})
        changes = {cell: until.get(cell, 0) - before.get(cell, 0) for cell in {**before, **until}}
        return {cell: number for cell, number in changes.items() if number}

    def total(self, series: str) -> int | None:
        cells = self.cells(series)
        return None if cells is None else sum(cells.values())
