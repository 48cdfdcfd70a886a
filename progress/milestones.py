"""The tenths of the two goals, and when each was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from campaigns.models import Campaign
from petitions import disclosure
from progress.figures import PublicFigures, Strand
from progress.over_time import OverTime

TENTHS = range(1, 11)
# (start, the last of its hours, number).
Spans = list[tuple[datetime, datetime, int]]


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

    @property
    def is_reached(self) -> bool:
        """Whether any strand has passed it."""
        return any(mark.is_reached for mark in (self.signatures, self.tweets) if mark)


def reached(campaign: Campaign, figures: PublicFigures, over_time: OverTime) -> list[Milestone]:
    """Returns the ten tenths of each goal, the goal itself last, with the day on which each was reached."""
    signed = [(start, end - disclosure.HOUR, number) for start, end, number in over_time.signed]
    tweeted = [(start, start, number) for start, number in over_time.tweeted]
    first, second = _marks(campaign, figures.signatures, signed), _marks(campaign, figures.tweets, tweeted)
    return [
        Milestone(tenth * 10, first[index] if first else None, second[index] if second else None)
        for index, tenth in enumerate(TENTHS)
    ]


def _marks(campaign: Campaign, strand: Strand | None, spans: Spans) -> list[Mark]:
    if strand is None:
        return []
    numbers = [strand.mark(tenth) for tenth in TENTHS]
    days = _days(campaign, numbers, spans)
    return [Mark(number, (strand.count or 0) >= number, day) for number, day in zip(numbers, days, strict=True)]


def _days(campaign: Campaign, numbers: list[int], spans: Spans) -> list[date | None]:
    """The day on which the sum first was at least each number, which ascend; None where that may have been on one of several."""
    days, total, waiting = list[date | None](), 0, list(numbers)
    for start, last, number in spans:
        total += number
        first, then = (moment.astimezone(campaign.zone).date() for moment in (start, last))
        while waiting and total >= waiting[0]:
            days.append(then if first == then else None)
            waiting.pop(0)
    return days + [None] * len(waiting)
