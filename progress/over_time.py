"""What was told of hours and days, read once for all that shows it: lines, bars, milestones, pace. Hours and days are UTC's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from actions import volume
from campaigns.models import Campaign
from petitions.disclosure import DAY, HOUR, Span, by_days, by_hours

UNITS = {"hour": HOUR, "day": DAY}
# Up to two days are shown by the hour.
SHORT = timedelta(days=2)
# (start, end, number), oldest first, of one unit or several that are told together; None where nobody asked.
Rows = list[tuple[datetime, datetime, int | None]]


@dataclass(frozen=True)
class OverTime:
    """`signed`: what is told of signatures (petitions/disclosure.py). `tweeted`: (start, posts) of hours that X was asked about."""

    signed: list[Span]
    tweeted: list[tuple[datetime, int]]

    def of_day(self, day: date) -> OverTime:
        """Only the spans that touch this day, and its hours."""
        midnight = datetime.combine(day, time.min, UTC)
        signed = [span for span in self.signed if span.start.date() <= day and span.end > midnight]
        return OverTime(signed, [(start, number) for start, number in self.tweeted if start.date() == day])

    @property
    def unit(self) -> str:
        """Returns the unit that shows the whole: "hour" or "day"."""
        starts = [hour for span in self.signed for hour in (span.start, span.end - HOUR)]
        starts += [start for start, _ in self.tweeted]
        return "hour" if starts and max(starts) - min(starts) < SHORT else "day"

    def signed_by(self, unit: str) -> Rows:
        """One row for every span (by the day: of whole days that are over), and one of 0 for every unit between them."""
        rows, step = Rows(), UNITS[unit]
        for span in self.signed if unit == "hour" else by_days(self.signed):
            while rows and rows[-1][1] < span.start:
                rows.append((rows[-1][1], rows[-1][1] + step, 0))
            rows.append((span.start, span.end, span.signatures))
        return rows

    def tweeted_by(self, unit: str) -> Rows:
        """One row for every unit from the first to the last, None where there is nothing."""
        numbers: dict[datetime, int] = {}
        for hour, number in self.tweeted:
            start = _start(hour, unit)
            numbers[start] = numbers.get(start, 0) + number
        if not numbers:
            return []
        step, start, rows = UNITS[unit], min(numbers), Rows()
        while start <= max(numbers):
            rows.append((start, start + step, numbers.get(start)))
            start += step
        return rows

    def whole_days_tweeted(self, until: datetime) -> Rows:
        """The days that were over by `until`; None where X was not asked about each of their hours."""
        asked = Counter(_start(hour, "day") for hour, _ in self.tweeted)
        return [
            (start, end, number if asked[start] == DAY // HOUR else None)
            for start, end, number in self.tweeted_by("day")
            if end <= until
        ]


def read(campaign: Campaign) -> OverTime:
    return OverTime(
        by_hours(campaign.petition) if campaign.petition else [],
        volume.by_hour(campaign.tweet_action) if campaign.tweet_action else [],
    )


def _start(hour: datetime, unit: str) -> datetime:
    return hour if unit == "hour" else hour.replace(hour=0)
