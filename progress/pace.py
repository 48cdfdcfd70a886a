"""How fast the strands grow, and between which days each goal is reached if that lasts: said only where whole days carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.models import Campaign
from petitions.disclosure import DAY, HOUR, Span, full_hour
from progress.figures import PublicFigures
from progress.over_time import OverTime, Rows

# The pace is that of the last seven whole days, and of three at least. The newest of them ended two days ago at most.
DAYS, FEWEST, FRESH = 7, 3, 2 * DAY
# Of the seven, the four that brought most and the four that brought least give the two ends of the range.
HALF = 4
# What lies farther ahead is not said: nobody knows.
FARTHEST = 12 * DAYS


@dataclass(frozen=True)
class Pace:
    """`per_day`: the mean of the last `days` whole days, rounded; the last one ended at `until`. `earliest`, `latest`: between which
    days the goal is reached if this lasts; None where that can't be said."""

    per_day: int
    days: int
    until: datetime
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True)
class Since:
    """`number` more than at the full hour `moment`, which lies on the day before."""

    number: int
    moment: datetime


@dataclass(frozen=True)
class Growth:
    """What is told of how fast a campaign grows; None for what can't be told."""

    since_yesterday: Since | None = None
    signatures: Pace | None = None
    tweets: Pace | None = None


def growth(campaign: Campaign, figures: PublicFigures, over_time: OverTime) -> Growth:
    """Only of what is told by the hour and the day (petitions/disclosure.py): who looks often learns nothing more."""
    petition, launched_at = campaign.petition, campaign.launched_at
    if not campaign.is_live or launched_at is None:
        return Growth()
    now, since_yesterday, signatures, tweets = timezone.now(), None, None, None
    if petition and petition.told_until:
        since_yesterday = since(over_time.signed, campaign.zone, now)
        left = campaign.signature_goal - sum(span.signatures for span in over_time.signed)
        told_on = petition.told_until.astimezone(campaign.zone).date()
        signatures = of(_after(over_time.signed_by("day"), launched_at), left, told_on, now)
    if figures.tweets and figures.tweets.count is not None and figures.matching_as_of:
        left, asked_on = (
            figures.tweets.goal - figures.tweets.count,
            figures.matching_as_of.astimezone(campaign.zone).date(),
        )
        whole = over_time.whole_days_tweeted(figures.matching_as_of)
        tweets = of(_after(whole, launched_at), left, asked_on, now)
    return Growth(since_yesterday, signatures, tweets)


def _after(rows: Rows, launched_at: datetime) -> Rows:
    """Without the day of the launch, which was not whole."""
    return [row for row in rows if row[0] >= launched_at]


def of(rows: Rows, left: int, on: date, now: datetime) -> Pace | None:
    """The pace of these whole days; `left`: how many the goal wants yet, as known `on` that day.

    The range ends where the goal is reached if each day to come is as the mean of the four best of the last seven, and of the four
    worst. It is said only if each of the seven is told by itself, and if its end lies no more than twelve weeks ahead.
    """
    last = _last_days(rows, now)
    days = sum((end - start) // DAY for start, end, _ in last)
    total = sum(number for *_, number in last)
    per_day = (2 * total + days) // (2 * days) if days else 0
    if days < FEWEST or per_day == 0:
        return None
    pace, numbers = Pace(per_day, days, last[-1][1]), sorted(number for *_, number in last)
    slow, fast = sum(numbers[:HALF]), sum(numbers[-HALF:])
    if len(numbers) != DAYS or left <= 0 or slow == 0:
        return pace
    near, far = (-(-left * HALF // many) for many in (fast, slow))
    if far > FARTHEST:
        return pace
    return Pace(per_day, days, pace.until, on + timedelta(days=near), on + timedelta(days=far))


def _last_days(rows: Rows, now: datetime) -> list[tuple[datetime, datetime, int]]:
    """The newest seven days that are known without a gap, oldest first; none where the newest is too old to tell of today."""
    kept: list[tuple[datetime, datetime, int]] = []
    for start, end, number in reversed(rows):
        newest = kept[-1][1] if kept else end
        if number is None or now - newest > FRESH or newest - start > DAYS * DAY:
            break
        kept.insert(0, (start, end, number))
    return kept


def since(spans: Sequence[Span], zone: ZoneInfo, now: datetime) -> Since | None:
    """How many are told since yesterday: since the full hour of yesterday, in this zone, that is nearest to a day ago and lies within
    no span of hours that are told together. None where there is no such hour, nobody to tell of, or nobody before."""
    today = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    yesterday, day_ago = today - timedelta(days=1), full_hour(now) - DAY
    first = full_hour(yesterday.astimezone(UTC))
    # One of these days has 25 hours, and in some zones days begin at half an hour of UTC.
    ends = [hour for hour in (first + index * HOUR for index in range(26)) if yesterday <= hour < today]
    ends = [hour for hour in ends if not any(span.start < hour < span.end for span in spans)]
    if not ends:
        return None
    moment = min(ends, key=lambda hour: (abs(hour - day_ago), hour))
    before = sum(span.signatures for span in spans if span.end <= moment)
    after = sum(span.signatures for span in spans if span.start >= moment)
    return Since(after, moment) if before and after else None
