"""What came of a campaign in some days, for those who run it: one report, which a screen, a CSV and a PDF show.

Numbers of people are those of counted days (progress/counted_days.py). Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from actions.models import SampleTweet
from campaigns.models import Campaign
from core.text import formats
from progress.counted_days import GOES_ON, midnight

# What is looked at unless somebody asks for other days, and at most.
USUAL, LONGEST = timedelta(days=28), timedelta(days=366)


@dataclass(frozen=True)
class Period:
    """Whole days in a zone, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        return midnight(self.last + timedelta(days=1), self.zone)

    def __str__(self) -> str:
        return f"{formats.days(self.first, self.last)} ({self.zone})"


def usual(campaign: Campaign) -> Period:
    """The last four weeks until yesterday, or until a week after its end; never before it was launched."""
    petition, until = campaign.petition, timezone.now()
    if campaign.is_over and petition and petition.closes_at:
        until = min(until, petition.closes_at + GOES_ON)
    today = until.astimezone(campaign.zone).date()
    last = today - timedelta(days=1)
    launched = campaign.launched_at.astimezone(campaign.zone).date() if campaign.launched_at else today - USUAL
    return Period(min(max(today - USUAL, launched), last), last, campaign.zone)


class Untold(Enum):
    """In place of a number."""

    FEW = "fewer than 5"
    UNKNOWN = ""

    @property
    def words(self) -> str:
        return gettext("fewer than 5") if self is Untold.FEW else gettext("not known")


Cell = int | Decimal | str | Untold


@dataclass(frozen=True)
class Row:
    """`cells`: one for each column of its section. `definition`: what its numbers mean, where the section does not say it."""

    label: str
    cells: tuple[Cell, ...]
    definition: str = ""
    sample: SampleTweet | None = None

    @property
    def shown(self) -> list[str]:
        return [_shown(cell) for cell in self.cells]

    @property
    def size(self) -> Decimal:
        """What its bar is as long as."""
        first = self.cells[0]
        return Decimal(first) if isinstance(first, int | Decimal) else Decimal(0)


@dataclass(frozen=True)
class Section:
    """`columns`: the names of the numbers. `definition`: what they mean. `has_bars`: whether the first numbers are compared."""

    key: str
    title: str
    definition: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    has_bars: bool = True

    @property
    def drawn(self) -> list[tuple[Row, str]]:
        """Each row with the length of its bar, in percent of the longest; "" without bars."""
        most = max((row.size for row in self.rows), default=Decimal(0))
        return [(row, f"{row.size / most * 100:.1f}" if self.has_bars and most else "") for row in self.rows]


@dataclass(frozen=True)
class Report:
    """`notes`: what must be said of all of it."""

    campaign: Campaign
    period: Period
    sections: list[Section]
    notes: list[str] = field(default_factory=list)
    made_at: datetime = field(default_factory=timezone.now)

    def table(self) -> list[list[object]]:
        """section, row, number, value (empty: not known), definition: one line for each number."""
        return [
            [section.key, row.label, column, _plain(cell), row.definition or section.definition]
            for section in self.sections
            for row in section.rows
            for column, cell in zip(section.columns, row.cells, strict=True)
        ]


COLUMNS = ["section", "row", "number", "value", "definition"]


def _shown(cell: Cell) -> str:
    if isinstance(cell, Untold):
        return cell.words
    if isinstance(cell, Decimal):
        return formats.dollars(cell)
    return number_format(cell, force_grouping=True) if isinstance(cell, int) else cell


def _plain(cell: Cell) -> object:
    return cell.value if isinstance(cell, Untold) else cell
