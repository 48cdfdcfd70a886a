"""The last column of docs/safety.md: it is written from the mutations, and never by hand."""

from __future__ import annotations

import re
import textwrap

from tests.mutate import DATA, Mutation

PAGE = "docs/safety.md"
ROW = re.compile(r"^(\| ([SAF]\d+) \| [^|]+ \| `(\w+)`[^|]* \| ).*$", re.MULTILINE)


def rows(text: str) -> list[tuple[str, str]]:
    """What the page has rows for: (requirement, first test)."""
    return [(requirement, test) for _start, requirement, test in ROW.findall(text)]


def written(text: str, mutations: list[Mutation]) -> str:
    """The text of the page with its last column as the mutations have it. Raises LookupError for a row that has none."""
    cells = {(mutation.requirement, mutation.test): cell(mutation) for mutation in mutations}
    missing = [test for requirement, test in rows(text) if (requirement, test) not in cells]
    if missing:
        raise LookupError(f"{DATA} has no mutation under the row's number for: {', '.join(missing)}")
    return ROW.sub(lambda row: f"{row[1]}{cells[row[2], row[3]]} |", text)


def cell(mutation: Mutation) -> str:
    return f"`{mutation.file}`: {code(mutation.old)} → {code(mutation.new)}"


def code(text: str) -> str:
    """Code on one line of a Markdown table: a new line is shown as \\n, and a pipe doesn't end the cell."""
    line = textwrap.dedent(text).strip().replace("\n", "\\n").replace("|", "\\|")
    fence = "``" if "`" in line else "`"
    return f"{fence}{line}{fence}" if line else "nothing"
