"""The nightly proof: the tally must equal a count of the rows themselves, cell by cell, and what figures are read from must equal
the sum of the cells, country by country and hour by hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections

# `counted`, not `counts`: the tally is right about every row that it has taken, however many still wait.
DIFFERENCES = """
WITH rows AS (
    SELECT petition_id, date_bin('15 minutes', confirmed_at, TIMESTAMPTZ 'epoch') AS start, country, count(*) AS signatures
    FROM petitions_signature WHERE counted GROUP BY 1, 2, 3
)
SELECT petition_id, start, country, coalesce(rows.signatures, 0), coalesce(tally.signatures, 0)
FROM rows FULL JOIN petitions_tally AS tally USING (petition_id, start, country)
WHERE coalesce(rows.signatures, 0) <> coalesce(tally.signatures, 0)
ORDER BY 1, 2, 3
"""
WRONG_SUMS = """
SELECT petition_id, part, sum(cells), sum(total) FROM (
    SELECT petition_id, country AS part, signatures AS cells, 0 AS total FROM petitions_tally
    UNION ALL
    SELECT petition_id, country, 0, signatures FROM petitions_tallybycountry
    UNION ALL
    SELECT petition_id, to_char(start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:00'), signatures, 0 FROM petitions_tally
    UNION ALL
    SELECT petition_id, to_char(start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), 0, signatures FROM petitions_tallybyhour
) AS both_sides
GROUP BY 1, 2 HAVING sum(cells) <> sum(total) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Difference:
    petition_id: int
    start: datetime
    country: str
    rows: int
    tally: int


@dataclass(frozen=True)
class WrongSum:
    """`part`: a country, or an hour in UTC."""

    petition_id: int
    part: str
    cells: int
    sum: int


def differences(using: str = DEFAULT_DB_ALIAS) -> list[Difference]:
    """Every cell in which the tally and the rows disagree: none, unless something is broken."""
    with connections[using].cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [Difference(*row) for row in cursor.fetchall()]


def wrong_sums(using: str = DEFAULT_DB_ALIAS) -> list[WrongSum]:
    """Every country and hour whose sum is not that of its cells: none, unless something is broken."""
    with connections[using].cursor() as cursor:
        cursor.execute(WRONG_SUMS)
        return [WrongSum(petition, part, int(cells), int(total)) for petition, part, cells, total in cursor.fetchall()]
