"""Figures over time, as bars and as the table behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from actions import volume
from campaigns.models import Campaign
from core.drawing import palette
from petitions import disclosure

WIDTH, HEIGHT, WIDEST = 720, 160, 90
# Up to two days are shown by the hour.
SHORT = timedelta(days=2)
UNITS = {"hour": disclosure.HOUR, "day": disclosure.DAY}
Rows = list[tuple[datetime, datetime, int | None]]


@dataclass(frozen=True)
class Chart:
    """`rows`: (start, end, number), oldest first, of one unit or several that are told together; None where nobody asked.
    `unit` is "day" or "hour", in UTC. `colour`: of its bars, where no stylesheet is."""

    kind: str
    title: str
    rows: Rows
    unit: str
    colour: str

    def label(self, start: datetime, end: datetime | None = None) -> str:
        """Names one unit, or with a later `end` the span from the first unit to the last."""
        name = date_format(start, "j M" if self.unit == "day" else "j M, H:i")
        if end is None or end - start <= UNITS[self.unit]:
            return name
        last = self.label(end - disclosure.DAY) if self.unit == "day" else date_format(end, "H:i")
        return f"{name}–{last}" if self.unit == "day" or end - start <= disclosure.DAY else f"{name}–{self.label(end)}"

    @property
    def labelled(self) -> Iterator[tuple[str, int | None, str]]:
        """(label, number, the day to look into: "" for an hour)."""
        return (
            (self.label(start, end), number, f"{start:%Y-%m-%d}" if self.unit == "day" else "")
            for start, end, number in self.rows
        )

    @property
    def joined(self) -> bool:
        """Whether any bar stands for several units that are told together."""
        return any(end - start > UNITS[self.unit] for start, end, _ in self.rows)

    @property
    def summary(self) -> str:
        start, end, most = self._highest
        if most is None:
            return self.title
        highest = gettext("highest: %(number)s on %(when)s")
        return f"{self.title}; {highest % {'number': number_format(most), 'when': self.label(start, end)}}"

    @property
    def ends(self) -> tuple[str, str]:
        """The labels of the first and the last bar."""
        (start, end, _), (last, until, _) = self.rows[0], self.rows[-1]
        return self.label(start, end), self.label(last, until)

    @property
    def most(self) -> int:
        """The number of the highest bar."""
        return self._highest[2] or 0

    @property
    def _highest(self) -> tuple[datetime, datetime, int | None]:
        return max(self.rows, key=self._height)

    def _height(self, row: tuple[datetime, datetime, int | None]) -> float:
        """Returns the average number per unit, which a bar is as high as; negative where nobody asked."""
        start, end, number = row
        return -1 if number is None else number / self._units(start, end)

    def _units(self, start: datetime, end: datetime) -> int:
        return (end - start) // UNITS[self.unit]

    @property
    def svg(self) -> SafeString:
        top, first = max(self._height(self._highest), 0) or 1, self.rows[0][0]
        slot = min(WIDTH / self._units(first, self.rows[-1][1]), WIDEST)
        bars = []
        for start, end, number in self.rows:
            height = max(self._height((start, end, number)), 0) / top * HEIGHT
            bars.append(
                (
                    f"{self._units(first, start) * slot:.1f}",
                    f"{HEIGHT - height:.1f}",
                    f"{(self._units(start, end) - 0.2) * slot:.1f}",
                    f"{height:.1f}",
                )
            )
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}" '
            'preserveAspectRatio="none"><g fill="{}">{}</g><path class="axis" stroke="{}" d="M0 {}h{}"/></svg>',
            self.kind,
            WIDTH,
            HEIGHT + 2,
            self.summary,
            self.colour,
            format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', bars),
            palette.light("edge"),
            HEIGHT + 1,
            WIDTH,
        )


def draw_all(campaign: Campaign, day: date | None = None) -> list[Chart]:
    """The charts of the strands that this campaign has and that hold anything yet; of one UTC day, by the hour."""
    signed = disclosure.by_hours(campaign.petition) if campaign.petition else []
    tweeted = volume.by_hour(campaign.tweet_action) if campaign.tweet_action else []
    if day:
        signed = [span for span in signed if span.start.date() <= day and span.end > _midnight(day)]
        tweeted = [(start, number) for start, number in tweeted if start.date() == day]
    unit = (
        "hour"
        if day
        else _unit(
            [hour for span in signed for hour in (span.start, span.end - disclosure.HOUR)]
            + [start for start, _ in tweeted]
        )
    )
    titles = {
        ("s", "day"): gettext("Confirmed signatures a day"),
        ("s", "hour"): gettext("Confirmed signatures an hour"),
        ("t", "day"): gettext("Matching tweets a day"),
        ("t", "hour"): gettext("Matching tweets an hour"),
    }
    charts = [
        Chart("s", titles["s", unit], _told(signed, unit), unit, palette.light("accent", campaign.accent)),
        Chart("t", titles["t", unit], _rows(tweeted, unit), unit, palette.light("second")),
    ]
    return [chart for chart in charts if chart.rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _told(spans: list[disclosure.Span], unit: str) -> Rows:
    """One row for every span, and one of 0 for every hour or day between them."""
    rows, step = Rows(), UNITS[unit]
    for span in spans if unit == "hour" else disclosure.by_days(spans):
        while rows and rows[-1][1] < span.start:
            rows.append((rows[-1][1], rows[-1][1] + step, 0))
        rows.append((span.start, span.end, span.signatures))
    return rows


def _unit(starts: list[datetime]) -> str:
    return "hour" if starts and max(starts) - min(starts) < SHORT else "day"


def _rows(hours: list[tuple[datetime, int]], unit: str) -> Rows:
    """One row for every hour or day from the first to the last, None where there is nothing."""
    numbers: dict[datetime, int] = {}
    for hour, number in hours:
        start = hour if unit == "hour" else hour.replace(hour=0)
        numbers[start] = numbers.get(start, 0) + number
    if not numbers:
        return []
    step, start, rows = UNITS[unit], min(numbers), Rows()
    while start <= max(numbers):
        rows.append((start, start + step, numbers.get(start)))
        start += step
    return rows
