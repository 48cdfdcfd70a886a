"""`make bench`: raw limits first and last, ours between, in several rounds; medians, and their part of the raw limit."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import full, rows, staff
from benchmarks.site import running
from benchmarks.tools import ROOT, interpreter

RESULTS, FULL, STAFF = (ROOT / "benchmarks" / name for name in ("RESULTS.md", "FULL.md", "STAFF.md"))


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__)
    arguments.add_argument(
        "rows", nargs="*", choices=[*rows.ROWS, []], help="only these; without any: all, into RESULTS.md"
    )
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=10, help="of each measurement")
    arguments.add_argument("--full", action="store_true", help="growth and surges instead, into FULL.md")
    arguments.add_argument("--staff", action="store_true", help="lists and exports of staff instead, into STAFF.md")
    arguments.add_argument(
        "--signatures", type=int, help="of a grown table: 10,000,000 with --full, 100,000 with --staff"
    )
    said = arguments.parse_args()
    if said.staff:
        page, wrong = staff.page(said.signatures or 100_000)
        print(page)
        STAFF.write_text(page)
        print(*(f"Not as it should be: {what}" for what in wrong), sep="\n")
        return 1 if wrong else 0
    if said.full:
        page = f"# What was measured at length\n\nBy `make bench-full` on {_circumstances()}.\n"
        # Each part as soon as it is there: the next ones take long.
        wrong = 0
        for part in full.parts(said.signatures or 10_000_000, said.rounds, said.seconds):
            print(part.table, flush=True)
            page += f"\n{part.table}\n"
            FULL.write_text(page)
            wrong += part.errors
        if wrong:
            print(f"Not a result, since there were errors: {wrong}")
        return 1 if wrong else 0
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        Path(folder).chmod(0o755)
        results = rows.measure(site, said.rows or list(rows.ROWS), said.rounds, said.seconds)
    table = rows.table(results)
    print(table)
    if not said.rows:
        RESULTS.write_text(_page(table))
    failed = [result.name for result in results if result.errors]
    if failed:
        print(f"Not a result, since there were errors: {', '.join(failed)}")
    return 1 if failed else 0


def _circumstances() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {interpreter()}"


def _page(table: str) -> str:
    return f"""# What was measured

By `make bench` on {_circumstances()};
everything on the same machine, the load generator too.
What each line is, and where the time goes: [docs/performance.md](../docs/performance.md).

{table}
"""


if __name__ == "__main__":
    # Whoever ends it leaves no site and no engine behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
