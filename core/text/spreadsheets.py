"""CSV for people who open it in a spreadsheet: it is read as UTF-8, and no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"
# What makes a spreadsheet take a text for a formula; the wide ones do where one writes Japanese or Chinese.
FORMULAS, BLANKS = tuple("=+-@＝＋－＠"), tuple("\t\r\n\0")
# What it takes for the outcome of one.
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula, or for the outcome of one (A14)."""
    return text.startswith(BLANKS) or text.lstrip().startswith(FORMULAS) or text in ERRORS


def neutral(cell: object) -> object:
    """Text that could be a formula gets an apostrophe in front, which says that it is text; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def to_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (columns, *rows):
        writer.writerow([neutral(cell) for cell in row])
    return BOM + out.getvalue()
