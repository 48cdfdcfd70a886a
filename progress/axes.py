"""What charts are measured by: round numbers up the side, days or hours along the foot. Drawn in percent of the chart, so that
letters keep their shape at every width; on right-to-left pages time runs from the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from core.drawing import palette
from core.text import formats
from progress.over_time import UNITS

# At most so many labels along the foot, none of them in the last third: on a phone it would not fit.
LABELS, LAST = {"hour": 2, "day": 3}, 68
STEPS = {"hour": [1, 2, 3, 4, 6, 8, 12, 24, 48], "day": [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 56, 91, 182, 364]}


def top(most: int) -> int:
    """The next round number from `most` on, whose half is whole: 2, 4, 6, 8, 10, 20 …"""
    tens = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if step * tens >= most:
                return step * tens
        tens *= 10


@dataclass(frozen=True)
class TimeAxis:
    """From `start` to `end`, in hours or days of UTC."""

    start: datetime
    end: datetime
    unit: str

    def at(self, moment: datetime) -> float:
        """Returns how far along the foot a moment is, in percent from the left."""
        return self.mirrored(self.along(moment))

    def along(self, moment: datetime) -> float:
        """The same from where one begins to read."""
        return (moment - self.start) / (self.end - self.start) * 100

    def mirrored(self, share: float) -> float:
        return 100 - share if get_language_bidi() else share

    def between(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Returns (left end, width) of a span, in percent."""
        one, other = sorted((self.at(start), self.at(end)))
        return one, other - one

    def label(self, moment: datetime, with_year: bool | None = None) -> str:
        """Names a unit; with its year where the axis leaves the present one."""
        with_year = self.leaves_this_year if with_year is None else with_year
        day = formats.short_day(moment, with_year)
        return day if self.unit == "day" else formats.day_and_time(day, moment)

    @property
    def leaves_this_year(self) -> bool:
        return {self.start.year, (self.end - datetime.resolution).year} != {timezone.now().year}

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """(place in percent, label): the year where it begins, or changes."""
        step, most, whole = UNITS[self.unit], LABELS[self.unit], self.end - self.start
        many = next((many for many in STEPS[self.unit] if whole <= many * most * step), STEPS[self.unit][-1])
        moments = [self.start + place * many * step for place in range(most)]
        years = [None if self.leaves_this_year else self.start.year, *(moment.year for moment in moments)]
        return [
            (self.at(moment), self.label(moment, moment.year != year))
            for moment, year in zip(moments, years, strict=False)
            if (moment - self.start) / whole * 100 < LAST
        ]

    @property
    def foot(self) -> SafeString:
        """An <svg> to stand below the chart: a tick and a label where each begins."""
        places = [(f"{place:.1f}", label) for place, label in self.ticks]
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="along" height="22" aria-hidden="true"><g stroke="{}">{}</g>'
            '<g fill="{}" font-size="13">{}</g></svg>',
            palette.light("edge"),
            format_html_join("", '<line x1="{0}%" x2="{0}%" y1="0" y2="5"/>', places),
            palette.light("soft"),
            format_html_join("", '<text x="{}%" y="19">{}</text>', places),
        )
