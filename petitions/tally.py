"""From signatures to numbers: flips the rows whose `counted` lags behind `counts`, and adds what changed, in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncHour

from petitions.models import Petition, Tally

BATCH = 5_000

# Upserts go in the order of their key: unordered, workers that meet in two cells block each other for good.
SETTLE = """
WITH due AS (
    SELECT id FROM petitions_signature
    WHERE NOT (counted = counts) {only}
    ORDER BY id LIMIT %(batch)s FOR UPDATE {skip}
), flipped AS (
    UPDATE petitions_signature AS signature SET counted = signature.counts
    FROM due WHERE signature.id = due.id
    RETURNING signature.petition_id, signature.confirmed_at, signature.country, signature.counted
), changes AS (
    SELECT petition_id, date_bin('15 minutes', confirmed_at, TIMESTAMPTZ 'epoch') AS start, country,
           sum(CASE WHEN counted THEN 1 ELSE -1 END) AS signatures
    FROM flipped GROUP BY 1, 2, 3
), upserted AS (
    INSERT INTO petitions_tally AS tally (petition_id, start, country, signatures)
    SELECT petition_id, start, country, signatures FROM changes WHERE signatures <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (petition_id, start, country) DO UPDATE SET signatures = tally.signatures + excluded.signatures
)
SELECT count(*) FROM flipped
"""


def settle(batch: int = BATCH) -> int:
    """Tally at most `batch` signatures that nobody else is tallying; the number taken. Any number may run at once."""
    return _run(SETTLE.format(only="", skip="SKIP LOCKED"), {"batch": batch})


def settle_one(signature: uuid.UUID) -> None:
    """Tally this one now, inside the caller's transaction."""
    _run(SETTLE.format(only="AND id = %(id)s", skip=""), {"batch": 1, "id": signature})


def settle_all() -> int:
    """Tally until nothing is left; the number taken."""
    total = taken = settle()
    while taken:
        taken = settle()
        total += taken
    return total


def confirmed_by_petition(petitions: Iterable[Petition]) -> dict[int, int]:
    """Signatures that count, by petition: confirmed by their mailbox, not withdrawn, not under review, not removed."""
    totals = Tally.objects.filter(petition__in=petitions).values_list("petition").annotate(total=Sum("signatures"))
    return dict(totals)


def confirmed(petition: Petition) -> int:
    return confirmed_by_petition([petition]).get(petition.pk, 0)


def by_country(petition: Petition, until: datetime) -> dict[str, int]:
    """{country code: signatures confirmed before `until`}, exactly: what of it may be told says petitions/disclosure.py."""
    rows = petition.tallies.filter(start__lt=until).values_list("country").annotate(total=Sum("signatures"))
    return dict(rows.filter(total__gt=0))


def by_hour(petition: Petition) -> dict[datetime, int]:
    """{start: signatures} by UTC hour, exactly, oldest first; an hour without any signature has no entry."""
    hour = TruncHour("start", tzinfo=UTC)
    return dict(petition.tallies.values_list(hour).annotate(total=Sum("signatures")).filter(total__gt=0).order_by(hour))


def _run(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
