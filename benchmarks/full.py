"""`make bench-full`: the same rows on a table of millions, and surges; into benchmarks/FULL.md."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import rows, surge
from benchmarks.rows import Result
from benchmarks.site import running
from benchmarks.tools import Part

GROWN = ["raw", "sign", "confirm", "campaign", "progress", "json", "raw-last"]
MAILS = 100_000
# Seconds between two signatures: ten millions are a year.
APART = 3.0


def growth(signatures: int, rounds: int, seconds: int) -> Part:
    """Each row without a signature and with so many, and the second as a part of the first, both by their raw limits."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        Path(folder).chmod(0o755)
        before = rows.measure(site, GROWN, rounds, seconds)
        site.data("grown", signatures, APART)
        [(cells,)] = site.rows("SELECT count(*) FROM petitions_tally")
        after = rows.measure(site, GROWN, rounds, seconds)
    head = [f"### {signatures:,} signatures, {cells:,} cells of the tally", ""]
    lines = [
        "| what | a second, empty | a second, grown | grown of empty | by the raw limit | errors |",
        "|---|---|---|---|---|---|",
    ]
    table = "\n".join([*head, *lines, *(_line(one, other) for one, other in zip(before, after, strict=True))])
    return Part(table, sum(result.errors for result in (*before, *after)))


def mails(number: int) -> Part:
    """How fast so many mails that wait were sent, beside what postfix's source sends to the same sink."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        limit, said = rows.source(site, 10), rows.backlog(site, number)
    head = [f"### A backlog of {number:,} mails to confirm", "", "| what | a second | errors |", "|---|---|---|"]
    lines = [("postfix's smtp-source, to the same sink", limit), ("the workers", said)]
    table = "\n".join([*head, *(f"| {what} | {one.rate:,.0f} | {one.errors} |" for what, one in lines)])
    return Part(table, limit.errors + said.errors)


def _line(before: Result, after: Result) -> str:
    part = f"{after.part / before.part:.2f}" if after.part and before.part else ""
    plain, errors = after.rate / before.rate, before.errors + after.errors
    return f"| {before.what} | {before.rate:,.0f} | {after.rate:,.0f} | {plain:.2f} | {part} | {errors} |"


def parts(signatures: int, rounds: int, seconds: int) -> Iterator[Part]:
    """The surges, a backlog of mails, and then the growth, which takes longest."""
    yield surge.measure(surge.SMALL)
    yield surge.measure(surge.NATION)
    yield mails(MAILS)
    yield growth(signatures, rounds, seconds)
