"""What somebody typed is a text in every spreadsheet, and never calculated (A14): read by others than wrote it."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook
from xlsx2csv import Xlsx2csv

from operations.recovery import sealing
from petitions.exports.files import WRITERS
from tests import factories
from tests.exports import begun, fetch, opened

BOMBS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(1,2)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1+1",
    "＝1+1",
    '=HYPERLINK("http://x.example","y")',
    "#N/A",
]
PLAIN = [
    "Ana",
    'a "quoted", one',
    "two\nlines",
    "ليلى",
    "O'Brien",
    "x=1",
    "1/2",
    "👩🏽‍🌾",
    "007",
    "&amp; <b>",
    "TRUE",
    "",
]


def in_csv(content):
    """Python's own reader."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def in_postgresql(content):
    """PostgreSQL's COPY, which is written in C and by others."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE opened (name text, comment text) ON COMMIT DROP")
        with cursor.copy("COPY opened FROM STDIN (FORMAT csv, ENCODING 'UTF8', NULL 'nothing')") as copy:
            copy.write(content.removeprefix(b"\xef\xbb\xbf"))
        cursor.execute("SELECT name, comment FROM opened")
        rows = [list(row) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE opened")
    return rows


def in_calamine(content):
    """A reader in Rust."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[str(cell) for cell in row] for row in rows]


def in_xlsx2csv(content):
    """A reader with a parser of its own."""
    out = io.StringIO()
    Xlsx2csv(io.BytesIO(content), outputencoding="utf-8").convert(out)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


READERS = {"csv": [in_csv, in_postgresql], "xlsx": [in_calamine, in_xlsx2csv]}
EACH = [(format, reader) for format, readers in READERS.items() for reader in readers]


@pytest.mark.django_db
@pytest.mark.requirement("A14")
@pytest.mark.parametrize(("format", "reader"), EACH, ids=lambda value: getattr(value, "__name__", value))
def test_what_begins_a_formula_is_a_text_in_every_reader(format, reader):
    rows = [[bomb, "x"] for bomb in BOMBS] + [[plain, "x"] for plain in PLAIN]
    header, *found = reader(b"".join(WRITERS[format](("name", "comment"), rows)))
    assert header == ["name", "comment"]
    expected = [f"'{bomb}".replace("\r", "\n").replace("\0", "\ufffd") for bomb in BOMBS]
    assert [row[0] for row in found[: len(BOMBS)]] == expected
    assert [row[0] for row in found[len(BOMBS) :]] == PLAIN


@pytest.mark.requirement("A14")
def test_a_spreadsheet_holds_texts_alone():
    """No formula, no link, no number: whatever a reader makes of a cell, it was a text."""
    rows = [[text, text] for text in (*BOMBS, *PLAIN, "12", "2026-01-01", "\ufffe\x07\x1b")]
    content = b"".join(WRITERS["xlsx"](("name", "comment"), rows))
    sheet = ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet.replace("HYPERLINK", "")
    assert sheet.count('t="inlineStr"') == sheet.count("<c ") > 2 * len(rows)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[-1][0] == "\ufffd" * 3


@pytest.mark.django_db
@pytest.mark.requirement("A14")
@pytest.mark.requirement("S16")
@pytest.mark.parametrize("format", READERS)
def test_an_export_is_opened_by_two_readers_that_others_wrote(live, settings, format):
    identity, recipient = sealing.new_identity()
    settings.EXPORT_RECIPIENTS = [recipient]
    now = timezone.now() - timedelta(minutes=1)
    texts = [("Ana", "=1+1"), ("-Bo", "Mine,\nand yours"), ("ليلى", "")]
    for name, comment in texts:
        factories.signature(live.petition, name=name, comment=comment, show_name_at=now, confirmed_at=now)
    browser, export = begun(live.petition, "names", format=format)
    content = opened(fetch(browser, export), identity)
    for reader in READERS[format]:
        assert sorted(reader(content)) == sorted(
            [["name", "comment"], ["Ana", "'=1+1"], ["'-Bo", "Mine,\nand yours"], ["ليلى", ""]]
        ), reader
