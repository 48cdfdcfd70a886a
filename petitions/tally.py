"""From signatures to numbers: flips the rows whose `counted` lags behind `counts`, and adds what changed, in one statement.

It writes cells, by quarter of an hour and country; a trigger adds these up by country and by hour in the same statement, whichever
release has sent it (petitions/migrations/0002). Figures are read from there: a year has a million cells, and 200 countries.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from petitions.models import Petition, Tally, TallyByCountry

BATCH = 5_000

# Upserts go in the order of their key: unordered, workers that meet in two cells block each other for good.
# ARRAY, because PostgreSQL takes a LIMIT for what will come, and would read the whole table to find so many.
SETTLE = """
WITH flipped AS (
    UPDATE petitions_signature AS signature SET counted = signature.counts
    WHERE signature.id = ANY (ARRAY(
        SELECT id FROM petitions_signature
        WHERE NOT (counted = counts) {only}
        ORDER BY id LIMIT %(batch)s FOR UPDATE {skip}
    ))
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
LAG = """
SELECT count(*), min(confirmed_at), min(confirmed_at) FILTER (WHERE counts)
FROM petitions_signature WHERE NOT (counted = counts)
"""


class Lag(NamedTuple):
    """How many signatures the tally has yet to add or to take off; when the first of them, and of those to add, was confirmed."""

    signatures: int
    oldest: datetime | None
    oldest_to_add: datetime | None


def settle(batch: int = BATCH) -> int:
    """Tally at most `batch` signatures that nobody else is tallying; the number taken. Any number may run at once."""
    return _run(SETTLE.format(only="", skip="SKIP LOCKED"), {"batch": batch})


def settle_one(signature: uuid.UUID) -> None:
    """Tally this one now, inside the caller's transaction."""
    _run(SETTLE.format(only="AND id = %(id)s", skip=""), {"batch": 1, "id": signature})


def settle_these(signatures: Sequence[uuid.UUID]) -> None:
    """Tally these now, inside the caller's transaction, which has changed them and changes no other signature after this."""
    only = {"batch": len(signatures), "ids": list(signatures)}
    _run(SETTLE.format(only="AND id = ANY (%(ids)s)", skip=""), only)


def settle_all() -> int:
    """Tally until nothing is left; the number taken."""
    total = taken = settle()
    while taken:
        taken = settle()
        total += taken
    return total


def lag() -> Lag:
    """By the small index of what is uncounted. PostgreSQL takes half of all signatures for that, and would read every one of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(LAG)
        found = Lag(*cursor.fetchone())
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def confirmed_by_petition(petitions: Iterable[Petition]) -> dict[int, int]:
    """Signatures that count, by petition: confirmed by their mailbox, not withdrawn, not under review, not removed."""
    countries = TallyByCountry.objects.filter(petition__in=petitions)
    return dict(countries.values_list("petition").annotate(total=Sum("signatures")))


def confirmed(petition: Petition) -> int:
    return confirmed_by_petition([petition]).get(petition.pk, 0)


def by_country(petition: Petition, until: datetime) -> dict[str, int]:
    """{country code: signatures confirmed before `until`}, exactly: what of it may be told says petitions/disclosure.py.

    All in one statement, of one moment: each country's sum without the few cells since `until`.
    """
    cells = Tally.objects.filter(petition=OuterRef("petition"), country=OuterRef("country"), start__gte=until)
    since = cells.values("country").annotate(total=Sum("signatures")).values("total")
    rows = petition.tallies_by_country.annotate(before=F("signatures") - Coalesce(Subquery(since), 0))
    return dict(rows.filter(before__gt=0).values_list("country", "before"))


def by_hour(petition: Petition) -> dict[datetime, int]:
    """{start: signatures} by UTC hour, exactly, oldest first; an hour without any signature has no entry."""
    hours = petition.tallies_by_hour.filter(signatures__gt=0).order_by("start")
    return dict(hours.values_list("start", "signatures"))


def _run(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
