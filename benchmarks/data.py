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
UNCOUNTED = """
INSERT INTO petitions_signature (id, petition_id, email, name, country, language, address_hash, hash_version, hash_rule, client_hash,
  domain, signed_at, mailed_at, confirmed_at, consent_text_id, review, mail_attempts, counted)
SELECT uuidv7(), (SELECT min(id) FROM petitions_petition), 'x', 'x', (string_to_array(%(countries)s, ' '))[1 + n %% 30],
  'en', sha256(uuidv4()::text::bytea), 1, 2, '\\x00',
  'example.org', now(), now(), now() - (%(after)s + n) * %(apart)s * interval '1 s',
  (SELECT min(id) FROM petitions_consenttext), 'none', 1, false
FROM generate_series(1, %(number)s) AS n
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


def uncounted(number: str, apart: str = "0.1", after: str = "0") -> None:
    """So many confirmed signatures that nobody has counted yet, `apart` by so many seconds, `after` so many others."""
    from django.db import connection

    with connection.cursor() as cursor:
        facts = {"number": int(number), "apart": float(apart), "after": int(after), "countries": COUNTRIES}
        cursor.execute(UNCOUNTED, facts)
        cursor.execute("ANALYZE petitions_signature")


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

    makers = (campaign, links, backlog, uncounted, signers, settle, pages, export, posts)
    {each.__name__: each for each in makers}[sys.argv[1]](*sys.argv[2:])
