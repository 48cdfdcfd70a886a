"""CSV for people who open it in a spreadsheet: it is read as UTF-8, and no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, or passes over before one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def neutral(cell: object) -> object:
    """Text that could be a formula gets an apostrophe in front, which says that it is text; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def to_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (columns, *rows):
        writer.writerow([neutral(cell) for cell in row])
    return BOM + out.getvalue()
