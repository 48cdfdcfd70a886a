"""What analysts take out: figures in which nobody can be told apart. Each cell is one that petitions/disclosure.py would tell."""

from __future__ import annotations

from collections.abc import Iterator

from petitions import disclosure, tally
from petitions.models import Petition

COLUMNS = ("what", "of", "from_utc", "until_utc", "signatures")


def rows(petition: Petition) -> Iterator[tuple[str, str, str, str, str]]:
    """The total, then days, countries and sources in cells of five or more; where totals come in steps, the total alone."""
    total = disclosure.total(petition.policy, tally.confirmed(petition), petition.confirmed_hourly)
    yield "total", "", "", "", str(total)
    for day in disclosure.by_days(disclosure.by_hours(petition)):
        yield "day", "", f"{day.start:%Y-%m-%d %H:%M}", f"{day.end:%Y-%m-%d %H:%M}", str(day.signatures)
    for country, number in disclosure.by_country(petition):
        yield "country", country or "others", "", "", str(number)
    for source, number in disclosure.by_source(petition):
        yield "source", source or "others", "", "", str(number)
