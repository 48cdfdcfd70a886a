"""The nightly proof: the tally must equal a count of the rows themselves, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

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


@dataclass(frozen=True)
class Difference:
    petition_id: int
    start: datetime
    country: str
    rows: int
    tally: int


def differences() -> list[Difference]:
    """Every cell in which the tally and the rows disagree: none, unless something is broken."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [Difference(*row) for row in cursor.fetchall()]
