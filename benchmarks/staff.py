"""What staff ask of a campaign with very many signatures: the list of them, what conditions find, and an export of all who agreed.

An export is compared with what PostgreSQL and age alone do with as much: the same columns copied out, and sealed.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.site import Site, running
from operations.recovery import sealing

# What a page of the admin may take, in seconds; what an export may hold in memory, in bytes.
A_PAGE, MEMORY = 1.0, 150_000_000
COPY = "COPY (SELECT email, language FROM petitions_signature WHERE updates_at IS NOT NULL AND counts) TO STDOUT"
PLANS = "\n### How PostgreSQL finds {page}\n\n```\n{plan}\n```\n"


def page(signatures: int) -> tuple[str, list[str]]:
    """What was measured, in Markdown, and what is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        identity, recipient = sealing.new_identity()
        with running(Path(folder), EXPORT_RECIPIENTS=recipient) as site:
            Path(folder).chmod(0o755)
            site.data("signers", signatures)
            site.data("settle")
            pages = json.loads(site.data("pages"))
            raw = _raw(site, recipient)
            exports = {kind: json.loads(site.data("export", kind, identity)) for kind in ("csv", "xlsx")}
    return _markdown(signatures, pages, raw, exports), [*_wrong(pages, exports)]


def _wrong(pages: list[dict[str, Any]], exports: dict[str, Any]) -> Iterator[str]:
    for one in pages:
        if one["is_list"] and one["seconds"] > A_PAGE:
            yield f"{one['page']} takes {one['seconds']:.1f} s"
    for kind, one in exports.items():
        if one["rows"] != one["agreed"]:
            yield f"{kind} holds {one['rows']:,} of {one['agreed']:,}"
        if one["memory"] > MEMORY:
            yield f"{kind} takes {one['memory'] / 1e6:.0f} MB"


def _raw(site: Site, recipient: str) -> float:
    """Rows a second of copying these columns out of PostgreSQL and sealing them, with nothing of ours between."""
    began, rows = time.monotonic(), 0
    with psycopg.connect(site.environment["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        plain, sealed = site.folder / "plain", site.folder / "sealed"
        with cursor.copy(COPY) as copied, plain.open("wb") as out:
            for line in copied:
                rows += bytes(line).count(b"\n")
                out.write(line)
        with plain.open("rb") as source, sealed.open("wb") as out:
            sealing.seal(source, out, sealing.recipients([recipient]))
    return rows / (time.monotonic() - began)


def _markdown(signatures: int, pages: list[dict[str, Any]], raw: float, exports: dict[str, Any]) -> str:
    of_pages = [
        f"| {one['page']} | {one['seconds']:.2f} | {one['queries']} | {one['bytes'] / 1e3:.0f} |" for one in pages
    ]
    of_exports = [_line(kind, one, raw) for kind, one in exports.items()]
    plans = [PLANS.format(**one) for one in pages]
    return "\n".join(
        [
            "# What staff ask, with very many signatures",
            f"\nBy `make bench ARGS='--staff --signatures {signatures}'`. Pages: the median of three, in one process.\n",
            "| page of the admin | seconds | queries | kB |",
            "|---|---|---|---|",
            *of_pages,
            "\n| export | rows | seconds | rows a second | of the raw limit | MB a second | peak memory, MB |",
            "|---|---|---|---|---|---|---|",
            *of_exports,
            f"\nThe raw limit, {raw:,.0f} rows a second: the same columns copied out by PostgreSQL, encrypted as they are,",
            "and sealed by age. The memory is that of a whole process which does nothing else.",
            *plans,
        ]
    )


def _line(kind: str, one: dict[str, Any], raw: float) -> str:
    rate, speed = one["rows"] / one["seconds"], one["bytes"] / one["seconds"] / 1e6
    return (
        f"| {kind} | {one['rows']:,} | {one['seconds']:.0f} | {rate:,.0f} | {rate / raw:.3f} | {speed:.2f} "
        f"| {one['memory'] / 1e6:.0f} |"
    )
