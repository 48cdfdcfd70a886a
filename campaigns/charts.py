"""Figures over time, as bars and as the table behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from actions import volume
from campaigns.models import Campaign
from core import palette
from petitions import tally

WIDTH, HEIGHT, WIDEST = 720, 160, 90
# Up to two days are shown by the hour.
SHORT = timedelta(days=2)
Rows = list[tuple[datetime, int | None]]


@dataclass(frozen=True)
class Chart:
    """`rows`: (start, number), oldest first; None where nobody asked. `unit` is "day" or "hour", in UTC. `colour`: of its bars,
    where no stylesheet is."""

    kind: str
    title: str
    rows: Rows
    unit: str
    colour: str

    def label(self, start: datetime) -> str:
        return date_format(start, "j M" if self.unit == "day" else "j M, H:i")

    @property
    def labelled(self) -> Iterator[tuple[str, int | None, str]]:
        """(label, number, the day to look into: "" for an hour)."""
        return (
            (self.label(start), number, f"{start:%Y-%m-%d}" if self.unit == "day" else "")
            for start, number in self.rows
        )

    @property
    def summary(self) -> str:
        known = [(number, start) for start, number in self.rows if number is not None]
        if not known:
            return self.title
        most, when = max(known, key=lambda item: item[0])
        highest = gettext("highest: %(number)s on %(when)s")
        return f"{self.title}; {highest % {'number': number_format(most), 'when': self.label(when)}}"

    @property
    def ends(self) -> tuple[str, str]:
        """The labels of the first and the last bar."""
        return self.label(self.rows[0][0]), self.label(self.rows[-1][0])

    @property
    def most(self) -> int:
        """The number that fills the height."""
        return max(number or 0 for _, number in self.rows)

    @property
    def svg(self) -> SafeString:
        top = max(self.most, 1)
        slot = min(WIDTH / len(self.rows), WIDEST)
        bars = [
            (
                f"{index * slot:.1f}",
                f"{HEIGHT - (number or 0) / top * HEIGHT:.1f}",
                f"{slot * 0.8:.1f}",
                f"{(number or 0) / top * HEIGHT:.1f}",
            )
            for index, (_, number) in enumerate(self.rows)
        ]
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}" '
            'preserveAspectRatio="none"><g fill="{}">{}</g><path class="axis" stroke="{}" d="M0 {}h{}"/></svg>',
            self.kind, WIDTH, HEIGHT + 2, self.summary, self.colour,
            format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', bars),
            palette.light("edge"), HEIGHT + 1, WIDTH,
        )  # fmt: skip


def of(campaign: Campaign, day: date | None = None) -> list[Chart]:
    """The charts of the strands that this campaign has and that hold anything yet; of one UTC day, by the hour."""
    # In steps of ten there is no chart that would not tell more than the total does.
    signed = tally.by_hour(campaign.petition) if campaign.petition and campaign.policy.step == 1 else []
    tweeted = volume.by_hour(campaign.tweet_action) if campaign.tweet_action else []
    if day:
        signed, tweeted = _of_day(signed, day), _of_day(tweeted, day)
    unit = "hour" if day else _unit(signed + tweeted)
    titles = {
        ("s", "day"): gettext("Confirmed signatures a day"), ("s", "hour"): gettext("Confirmed signatures an hour"),
        ("t", "day"): gettext("Matching tweets a day"), ("t", "hour"): gettext("Matching tweets an hour"),
    }  # fmt: skip
    charts = [
        Chart("s", titles["s", unit], _rows(signed, unit, 0), unit, palette.light("accent", campaign.accent)),
        Chart("t", titles["t", unit], _rows(tweeted, unit, None), unit, palette.light("second")),
    ]
    return [chart for chart in charts if chart.rows]


def _of_day(hours: list[tuple[datetime, int]], day: date) -> list[tuple[datetime, int]]:
    return [(start, number) for start, number in hours if start.date() == day]


def _unit(hours: list[tuple[datetime, int]]) -> str:
    starts = [start for start, _ in hours]
    return "hour" if starts and max(starts) - min(starts) < SHORT else "day"


def _rows(hours: list[tuple[datetime, int]], unit: str, missing: int | None) -> Rows:
    """One row for every span from the first to the last, `missing` where there is nothing."""
    numbers: dict[datetime, int] = {}
    for hour, number in hours:
        start = hour if unit == "hour" else hour.replace(hour=0)
        numbers[start] = numbers.get(start, 0) + number
    if not numbers:
        return []
    step, start, rows = timedelta(**{f"{unit}s": 1}), min(numbers), Rows()
    while start <= max(numbers):
        rows.append((start, numbers.get(start, missing)))
        start += step
    return rows
