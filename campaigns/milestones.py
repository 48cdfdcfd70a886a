"""The tenths of the two goals, and when each was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions import volume
from campaigns.models import Campaign
from campaigns.progress import PublicFigures, Strand
from petitions import tally

TENTHS = range(1, 11)
Hours = list[tuple[datetime, int]]


@dataclass(frozen=True)
class Mark:
    """`number` of one strand; whether it is passed, and on which day in the campaign's zone, where that may be told."""

    number: int
    is_reached: bool
    day: date | None


@dataclass(frozen=True)
class Milestone:
    percent: int
    signatures: Mark | None
    tweets: Mark | None


def of(campaign: Campaign, figures: PublicFigures) -> list[Milestone]:
    """Ten of them, the goal itself last."""
    # In steps of ten a day would tell more than the total does.
    signed = tally.by_hour(campaign.petition) if campaign.petition and campaign.policy.step == 1 else []
    tweeted = volume.by_hour(campaign.tweet_action) if campaign.tweet_action else []
    first, second = _marks(campaign, figures.signatures, signed), _marks(campaign, figures.tweets, tweeted)
    return [
        Milestone(tenth * 10, first[index] if first else None, second[index] if second else None)
        for index, tenth in enumerate(TENTHS)
    ]


def _marks(campaign: Campaign, strand: Strand | None, hours: Hours) -> list[Mark]:
    if strand is None:
        return []
    numbers = [strand.mark(tenth) for tenth in TENTHS]
    reached = _reached(numbers, hours)
    return [
        Mark(number, (strand.count or 0) >= number, start.astimezone(campaign.zone).date() if start else None)
        for number, start in zip(numbers, reached, strict=True)
    ]


def _reached(numbers: list[int], hours: Hours) -> list[datetime | None]:
    """The hour in which the sum first was at least each number; `numbers` ascend."""
    reached, total, waiting = list[datetime | None](), 0, list(numbers)
    for start, number in hours:
        total += number
        while waiting and total >= waiting[0]:
            reached.append(start)
            waiting.pop(0)
    return reached + [None] * len(waiting)
