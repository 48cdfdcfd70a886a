"""Figures over time, as bars by the day or the hour, and as the table behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from campaigns.models import Campaign
from core.drawing import palette
from core.text import formats
from progress import axes
from progress.figures import PublicFigures
from progress.over_time import UNITS, OverTime, Rows

# Of the room that a bar has, in which the next one does not begin.
BAR = 0.8


@dataclass(frozen=True)
class Chart:
    """`rows`: of one `unit` ("day" or "hour", in UTC) or several that are told together. `until`: up to when all is known, so a unit
    that goes beyond it is not over. `colour`: of its bars, where no stylesheet is."""

    kind: str
    title: str
    rows: Rows
    unit: str
    colour: str
    until: datetime | None = None

    @property
    def axis(self) -> axes.TimeAxis:
        return axes.TimeAxis(self.rows[0][0], self.rows[-1][1], self.unit)

    def label(self, start: datetime, end: datetime | None = None) -> str:
        """Names one unit, or with a later `end` the span from the first unit to the last."""
        name = self.axis.label(start)
        if end is None or end - start <= UNITS[self.unit]:
            return name
        if self.unit == "day":
            return formats.between(name, self.axis.label(end - UNITS["day"]))
        is_short = end - start <= timedelta(days=1)
        return formats.times(name, end) if is_short else formats.between(name, self.axis.label(end))

    def is_open(self, end: datetime) -> bool:
        """Whether the unit that ends then was not over when its number was told."""
        return self.until is not None and end > self.until

    @property
    def labelled(self) -> Iterator[tuple[str, int | None, str, bool]]:
        """(label, number, the day to look into: "" for an hour, whether it is not over)."""
        return (
            (self.label(start, end), number, f"{start:%Y-%m-%d}" if self.unit == "day" else "", self.is_open(end))
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
        highest = gettext("highest: %(number)s on %(when)s") % {
            "number": number_format(most),
            "when": self.label(start, end),
        }
        between = gettext(";")
        return f"{self.title}{between} {highest}"

    @property
    def peak(self) -> str:
        """The same beside a title that is read already."""
        start, end, most = self._highest
        said = gettext("Highest: %(number)s on %(when)s.")
        return "" if most is None else said % {"number": number_format(most), "when": self.label(start, end)}

    @property
    def not_over(self) -> str:
        """Says which unit is not over yet; "" where all are."""
        start, end, _ = self.rows[-1]
        return gettext("%(when)s is not over yet.") % {"when": self.label(start, end)} if self.is_open(end) else ""

    @property
    def scale(self) -> list[int]:
        """The numbers up the side, the highest first."""
        most = axes.top(
            max(-(-number // self._units(start, end)) for start, end, number in self.rows if number is not None)
        )
        return [most, most // 2, 0]

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
        most, bars = self.scale[0], []
        for start, end, number in self.rows:
            left, width = self.axis.between(start, end)
            own = width - width / self._units(start, end) * (1 - BAR)
            height = max(self._height((start, end, number)), 0) / most * 100
            opacity = "0.45" if self.is_open(end) else "1"
            bars.append((f"{left:.2f}", f"{100 - height:.2f}", f"{own:.2f}", f"{height:.2f}", opacity))
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart {}" role="img" aria-label="{}"><g stroke="{}">{}</g>'
            '<g fill="{}">{}</g><line class="axis" stroke="{}" x1="0" x2="100%" y1="100%" y2="100%"/></svg>',
            self.kind,
            " ".join(filter(None, (self.summary, self.not_over))),
            palette.light("line"),
            SafeString('<line x1="0" x2="100%" y1="0" y2="0"/><line x1="0" x2="100%" y1="50%" y2="50%"/>'),
            self.colour,
            format_html_join("", '<rect x="{}%" y="{}%" width="{}%" height="{}%" fill-opacity="{}"/>', bars),
            palette.light("edge"),
        )


def draw_all(campaign: Campaign, figures: PublicFigures, over_time: OverTime, day: date | None = None) -> list[Chart]:
    """The charts of the strands that this campaign has and that hold anything yet; of one UTC day, by the hour."""
    over_time = over_time.of_day(day) if day else over_time
    unit = "hour" if day else over_time.unit
    titles = {
        ("s", "day"): gettext("Confirmed signatures a day"),
        ("s", "hour"): gettext("Confirmed signatures an hour"),
        ("t", "day"): gettext("Matching tweets a day"),
        ("t", "hour"): gettext("Matching tweets an hour"),
    }
    accent, second = palette.light("accent", campaign.accent), palette.light("second")
    charts = [
        Chart("s", titles["s", unit], over_time.signed_by(unit), unit, accent),
        Chart("t", titles["t", unit], over_time.tweeted_by(unit), unit, second, figures.matching_as_of),
    ]
    return [chart for chart in charts if chart.rows]
