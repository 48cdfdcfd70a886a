"""Which export a leaked file is from: the one in whose order its people stand (petitions/exports/order.py).

It is read as text: a file that was cut, opened and saved, or stripped of all but one column can still be told, as long as its lines
stand as they stood. Who has been erased since is not found in it; a few dozen others are enough.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from petitions.exports.files import neutral
from petitions.exports.order import rank
from petitions.exports.people import people
from petitions.exports.purposes import definition
from petitions.models import Export


@dataclass(frozen=True)
class Trace:
    """`neighbours`: how many pairs of people of this export follow each other. `in_order`: how many of them as in it; by chance about
    a half."""

    export: Export
    neighbours: int
    in_order: int

    @property
    def share(self) -> float:
        return self.in_order / self.neighbours if self.neighbours else 0.0


def trace(lines: list[list[str]], exports: list[Export]) -> list[Trace]:
    """One for each export that was begun, the likeliest first. `lines`: the cells of the leaked file."""
    traces = [_traced(lines, export) for export in exports if export.began_at]
    return sorted(traces, key=lambda one: (one.share, one.neighbours), reverse=True)


def read(path: Path) -> list[list[str]]:
    """The cells of a CSV or of the first sheet of an XLSX."""
    return list(_cells(path))


def _cells(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() == ".xlsx":
        from openpyxl import load_workbook

        sheet = load_workbook(path, read_only=True).worksheets[0]
        yield from ([str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True))
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)


def _traced(lines: list[list[str]], export: Export) -> Trace:
    known = _known(export, {cell for line in lines for cell in line})
    found = [next((known[cell] for cell in line if cell in known), None) for line in lines]
    ranks = [rank(export, row) for row in found if row]
    pairs = list(pairwise(ranks))
    return Trace(export, len(pairs), sum(one < other for one, other in pairs))


def _known(export: Export, cells: set[str]) -> dict[str, UUID]:
    """Whose row it is, by what the first column says of people; without those who share it."""
    known: dict[str, UUID] = {}
    shared = set[str]()
    rows = people(export).values_list("pk", definition(export).fields[0])
    for row, text in rows.iterator():
        shown = neutral(text or "")
        if shown in cells:
            if shown in known:
                shared.add(shown)
            known[shown] = row
    return {text: row for text, row in known.items() if text not in shared}
