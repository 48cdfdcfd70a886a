"""Both strands on their way to the goal: lines of what there was in all, in percent of each goal, with the key moments marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from campaigns.models import Campaign, KeyMoment
from core.drawing import palette
from progress.axes import TimeAxis
from progress.figures import PublicFigures
from progress.over_time import OverTime, Rows

# So many moments at most are marked; days of action first.
MARKS = 9
# Percents of the width that two of their numbers want between them.
APART = 4
# The tweets' line is dashed, as their strand is: the two differ in black and white too.
DASHES = {"s": "none", "t": "8 4"}
SEGMENT = '<line x1="{}%" y1="{}%" x2="{}%" y2="{}%"/>'


@dataclass(frozen=True)
class Line:
    """`points`: (moment, how many in all), oldest first; None where nobody asked since the point before."""

    kind: str
    label: str
    goal: int
    points: list[tuple[datetime, int | None]]
    colour: str

    @property
    def last(self) -> int:
        return next(number for _, number in reversed(self.points) if number is not None)


@dataclass(frozen=True)
class Course:
    """`marks`: the key moments that lie on the way, numbered from 1."""

    lines: list[Line]
    axis: TimeAxis
    marks: list[KeyMoment]

    @property
    def scale(self) -> list[int]:
        """Percents of the goal up the side, the highest first: 100, or as many hundreds as were reached."""
        most = max(100, *(-(-line.last // line.goal) * 100 for line in self.lines))
        return [most, most // 2, 0]

    @property
    def summary(self) -> str:
        said = gettext("%(what)s: %(number)s of %(goal)s")
        return "; ".join(
            said % {"what": line.label, "number": intcomma(line.last), "goal": intcomma(line.goal)}
            for line in self.lines
        )

    @property
    def rows(self) -> list[tuple[str, list[int | None]]]:
        """(label, the number of each line in all when that unit was over), as the table behind it."""
        known = [dict(line.points) for line in self.lines]
        moments = sorted({moment for points in known for moment in points if moment > self.axis.start})
        back = datetime.resolution if self.axis.unit == "day" else timedelta(0)
        return [(self.axis.label(moment - back), [points.get(moment) for points in known]) for moment in moments]

    @property
    def svg(self) -> SafeString:
        most = self.scale[0]
        drawn = [
            (line.kind, line.colour, DASHES[line.kind], format_html_join("", SEGMENT, self._segments(line, most)))
            for line in self.lines
        ]
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart course" role="img" aria-label="{}"><g stroke="{}">{}{}</g>'
            '{}<line class="goal" stroke="{}" x1="0" x2="100%" y1="{}%" y2="{}%"/>'
            '<line class="axis" stroke="{}" x1="0" x2="100%" y1="100%" y2="100%"/></svg>',
            self.summary,
            palette.light("line"),
            SafeString('<line x1="0" x2="100%" y1="50%" y2="50%"/>'),
            format_html_join(
                "",
                '<line class="moment" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>',
                ((f"{self.axis.at(moment.starts_at):.2f}",) for moment in self.marks),
            ),
            format_html_join("", '<g class="{}" stroke="{}" stroke-width="3" stroke-dasharray="{}">{}</g>', drawn),
            palette.light("ink"),
            f"{100 - 10_000 / most:.2f}",
            f"{100 - 10_000 / most:.2f}",
            palette.light("edge"),
        )

    def _segments(self, line: Line, most: int) -> list[tuple[str, ...]]:
        """Returns the ends of each piece of a line, in percent; a piece that nobody asked about is left out."""
        found, before = list[tuple[str, ...]](), None
        for moment, number in line.points:
            here = None if number is None else (self.axis.at(moment), 100 - number / line.goal * 10_000 / most)
            if before and here:
                found.append(tuple(f"{place:.2f}" for place in (*before, *here)))
            before = here
        return found

    @property
    def numbers(self) -> SafeString:
        """An <svg> to stand above the chart: the number of each key moment over its line, or beside it where two are close."""
        places, last = list[tuple[str, int]](), float(-APART)
        for number, moment in enumerate(self.marks, start=1):
            last = max(self.axis.along(moment.starts_at), last + APART)
            places.append((f"{self.axis.mirrored(last):.2f}", number))
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="along" height="18" aria-hidden="true"><g fill="{}" font-size="13"'
            ' text-anchor="middle">{}</g></svg>',
            palette.light("ink"),
            format_html_join("", '<text x="{}%" y="13">{}</text>', places),
        )


def draw(
    campaign: Campaign, figures: PublicFigures, over_time: OverTime, moments: Sequence[KeyMoment] = ()
) -> Course | None:
    """Returns the lines of the strands that hold anything; None where none does. Signatures go as far as they are told."""
    unit, lines = over_time.unit, list[Line]()
    if figures.signatures and over_time.signed:
        colour = palette.light("accent", campaign.accent)
        lines.append(Line("s", gettext("signatures"), figures.signatures.goal, _sums(_signed(over_time, unit)), colour))
    if figures.tweets and over_time.tweeted:
        rows = over_time.tweeted_by(unit)
        if figures.matching_as_of:
            rows[-1] = (rows[-1][0], min(rows[-1][1], max(figures.matching_as_of, rows[-1][0])), rows[-1][2])
        lines.append(Line("t", gettext("tweets"), figures.tweets.goal, _sums(rows), palette.light("second")))
    if not lines:
        return None
    ends = [moment for line in lines for moment, _ in line.points]
    if min(ends) == max(ends):
        return None
    axis = TimeAxis(min(ends), max(ends), unit)
    on_the_way = [moment for moment in moments if axis.start <= moment.starts_at < axis.end]
    chosen = sorted(on_the_way, key=lambda moment: not moment.is_day_of_action)[:MARKS]
    return Course(lines, axis, sorted(chosen, key=lambda moment: moment.starts_at))


def _signed(over_time: OverTime, unit: str) -> Rows:
    """Rows as for the bars, and what is told of the day that is not over."""
    rows, spans = over_time.signed_by(unit), over_time.signed
    end = rows[-1][1] if rows else spans[0].start
    rest = [span for span in spans if span.start >= end]
    return [*rows, (end, rest[-1].end, sum(span.signatures for span in rest))] if rest else rows


def _sums(rows: Rows) -> list[tuple[datetime, int | None]]:
    """From 0 at the first start on, what there is in all at each end; None at the end of what nobody asked about."""
    points: list[tuple[datetime, int | None]] = [(rows[0][0], 0)]
    total, end = 0, rows[0][0]
    for start, until, number in rows:
        if start > end:
            points.append((start, total))
        total, end = total + (number or 0), until
        points.append((until, None if number is None else total))
        if number is None:
            # Where it goes on: at what was known before.
            points.append((until, total))
    return points
