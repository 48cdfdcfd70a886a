"""Tables as CSV and XLSX, chunk by chunk: neither the table nor the file is ever whole in memory, and nothing is on a disk."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from core.text.spreadsheets import is_formula

Row = Sequence[str]

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CHUNK = 64 * 1024


def neutral(text: str) -> str:
    """As a spreadsheet shows it and never calculates it (A14), with one kind of line end; what XML can't hold is a question mark in a
    box."""
    if is_formula(text):
        text = f"'{text}"
    return NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def as_csv(columns: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a mark that Excel knows it by; RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow(map(neutral, row))
        if out.tell() > CHUNK:
            yield _emptied(out)
    yield _emptied(out)


def _emptied(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


class _Pipe:
    """What a ZipFile writes to, without ever going back: whoever reads takes what has come so far."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.waiting.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        content = b"".join(self.waiting)
        self.waiting.clear()
        return content


def as_xlsx(columns: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """One sheet, of texts only."""
    # openpyxl's own way of writing much goes through a file on the disk, in clear: its parts are put together without one.
    # They are loaded where they are used: no web process needs them.
    from openpyxl import Workbook
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class Writer(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            """Its rows are in the archive already."""
            self.manifest.append(ws)

    pipe, book = _Pipe(), Workbook(write_only=True)
    sheet: Any = book.create_sheet("Export")
    with ZipFile(cast("IO[bytes]", pipe), "w", ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            sheet._writer = WorksheetWriter(sheet, file)
            sheet._writer.write_top()
            sheet.append(columns)
            for row in rows:
                sheet.append([neutral(text) for text in row])
                if pipe.waiting:
                    yield pipe.taken()
            sheet.close()
        Writer(book, archive).save()
    yield pipe.taken()


WRITERS: dict[str, Callable[[Row, Iterable[Row]], Iterator[bytes]]] = {"csv": as_csv, "xlsx": as_xlsx}
