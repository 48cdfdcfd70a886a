"""Rows to measure with, made inside the site: `python -m benchmarks.data links 1000`."""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

import django

COUNTRIES = "DE ES FR GB US IN BR KE EG JP IT PL NL SE NO DK FI PT GR CZ AT CH BE IE AR CL MX ZA NG GH"
# Rows that are encrypted one by one; all others are copies of these.
TEMPLATES = 100
CONFIRMED = """
INSERT INTO petitions_signature (id, petition_id, email, name, country, language, address_hash, hash_version, hash_rule, client_hash,
  domain, signed_at, mailed_at, confirmed_at, consent_text_id, review, mail_attempts, counted)
SELECT uuidv7(), (SELECT min(id) FROM petitions_petition), 'x', 'x', (string_to_array(%(countries)s, ' '))[1 + n %% 30],
  'en', sha256(uuidv4()::text::bytea), 1, 2, '\\x00',
  'example.org', now(), now(), now() - n * %(apart)s * interval '1 s',
  (SELECT min(id) FROM petitions_consenttext), 'none', 1, {counted}
FROM generate_series(1, %(number)s) AS n
"""
# As petitions/tally.py would.
COUNTED = f"""
WITH made AS ({CONFIRMED.format(counted="true")} RETURNING petition_id, confirmed_at, country)
INSERT INTO petitions_tally AS tally (petition_id, start, country, signatures)
SELECT petition_id, date_bin('15 minutes', confirmed_at, TIMESTAMPTZ 'epoch'), country, count(*) FROM made GROUP BY 1, 2, 3
ON CONFLICT (petition_id, start, country) DO UPDATE SET signatures = tally.signatures + excluded.signatures
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'petitions_signature' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def campaign(slug: str) -> None:
    from petitions import consent
    from tests import factories

    consent.current()
    factories.campaign(slug=slug, signature_goal=10_000_000)


def links(number: str) -> None:
    """Prints the paths of so many links to confirm."""
    print("\n".join(confirming(int(number))))


def confirming(number: int) -> list[str]:
    """The paths of so many links to confirm."""
    from django.utils import timezone

    from core.crypto import tokens
    from petitions import mails

    rows = _signatures(number, mailed_at=timezone.now())
    return ["/confirm/" + tokens.make(mails.CONFIRM, row.pk) + "/" for row in rows]


def backlog(number: str) -> None:
    """So many signatures whose mail is due."""
    from django.utils import timezone

    _signatures(int(number), mailed_at=None, mail_due_at=timezone.now())


def uncounted(number: str) -> None:
    """So many confirmed signatures that nobody has counted yet."""
    from django.db import connection

    with connection.cursor() as cursor:
        facts = {"number": int(number), "apart": 0.1, "countries": COUNTRIES}
        cursor.execute(CONFIRMED.format(counted="false"), facts)
        cursor.execute("ANALYZE petitions_signature")


def grown(number: str, apart: str) -> None:
    """So many confirmed signatures, `apart` by so many seconds, and their tally, which is proved. Indexes come after the rows, since
    they would take most of the time."""
    from django.db import connection

    from petitions import recount, tally

    tally.settle_all()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(COUNTED, {"number": int(number), "apart": float(apart), "countries": COUNTRIES})
        for _, made in indexes:
            cursor.execute(made)
        cursor.execute("VACUUM ANALYZE")
    if wrong := [*recount.differences(), *recount.wrong_sums()]:
        sys.exit(f"{len(wrong)} numbers are wrong, the first of them {wrong[0]}")


def signers(number: str) -> None:
    """So many confirmed signatures of people who asked for news, a hundredth of them set aside; encrypted as people's are."""
    from django.db import connection
    from django.utils import timezone

    from petitions.models import Petition
    from tests import factories, scale

    comment, now = "Because it is my river, and my children's. " * 3, timezone.now()
    petition = Petition.objects.get()
    for at in range(TEMPLATES):
        review = "none" if at else "quarantined"
        row = factories.signature(petition, comment=comment, name=f"Ana Example {at}", updates_at=now, review=review)
        columns = {
            "id": "uuidv7()",
            "address_hash": f"sha256(('{at} ' || n)::bytea)",
            "signed_at": f"now() - n * interval '{TEMPLATES} s'",
        }
        columns |= {"client_hash": "substr(sha256((n / 3)::text::bytea), 1, 16)", "domain": "md5((n / 5)::text)"}
        scale.multiply(
            row, int(number) // TEMPLATES - 1, **columns, confirmed_at=f"now() - n * interval '{TEMPLATES} s'"
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def settle() -> None:
    """Counts them all, and prints how many seconds that took."""
    from petitions import tally

    began = time.perf_counter()
    tally.settle_all()
    print(time.perf_counter() - began)


def _signatures(number: int, **fields: Any) -> list[Any]:
    from petitions.models import Petition, Signature
    from tests import factories

    factories.numbers = itertools.count(Signature.objects.count() * 10)
    return factories.signatures(Petition.objects.get(), number, confirmed=False, **fields)


if __name__ == "__main__":
    django.setup()
    from benchmarks.inside import export, pages
    from benchmarks.posts import posts

    makers = (campaign, links, backlog, uncounted, grown, signers, settle, pages, export, posts)
    {each.__name__: each for each in makers}[sys.argv[1]](*sys.argv[2:])
