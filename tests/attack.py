"""An attack as people make it: forged signatures by the thousand, mixed with a real crowd. The same seed makes the same rows.

Those who attack have bought 24 domains, use 12 throw-away ones and have farmed mailboxes at 4 large providers. They say that they are
from three countries, come over 300 rented network addresses of homes and 20 of a data centre, through a night, and some of their
machines take a person's time for the form. The real ones are no ideal people either: a lecture hall behind one address, carriers with
many behind one, a university, forms filled in by the browser, throw-away mail, and homes whose address the attack rents as well. Who
lives there and has throw-away mail of the same domain could be told from a machine by nobody, and is not among them.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from disposable_email_domains import blocklist

from core.privacy import domains
from core.privacy.mailboxes import hashed
from petitions import consent
from petitions.models import Petition, Review, Signature

BEGINS, ENDS = datetime(2026, 3, 9, 18, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC)
OPENED = datetime(2026, 3, 1, tzinfo=UTC)
ATTACKED = ["ES", "FR", "MA"]
BOUGHT = [f"{word}-{number}.example" for word in ("offers", "winners", "loans") for number in range(8)]
THROW_AWAY = sorted(blocklist)[:1_600:100]
FARMED = ["outlook.com", "hotmail.com", "mail.ru", "gmx.net"]
HOMES, CENTRES = [f"home-{number}" for number in range(300)], [f"centre-{number}" for number in range(20)]
PROVIDERS = ["gmail.com"] * 8 + ["outlook.com", "hotmail.com", "yahoo.fr", "icloud.com", "gmx.net", "orange.fr"]
ABROAD = ["IT", "PT", "GB", "US", "BE", "NL", "CH", "AR", "MX", "CL", "CO", "PE", "SE", "NO", "DK", "FI", "PL", "CZ"]
COUNTRIES = ["ES"] * 45 + ["FR"] * 15 + ["DE"] * 10 + ["MA"] * 3 + ABROAD
# How much is signed in each hour of a real day.
HOURS = [1] * 6 + [2, 5, 9, 10, 10, 10, 11, 11, 10, 10, 10, 11, 12, 13, 14, 13, 9, 4]
FIRST = ["Ana", "Luis", "Marta", "Jean", "Sofia", "Pedro", "Claire", "Omar", "Nadia", "Paul", "Lena", "Tom", "Hugo"]
LAST = ["Garcia", "Martin", "Lopez", "Dubois", "Moreau", "Schmidt", "Alami", "Silva", "Costa", "Rossi", "Novak"]


def make(petition: Petition, forged: int, real: int, seed: int = 1) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Stores them, confirmed but for a tenth; the ids of the forged ones and of the real ones."""
    chance, numbers = Random(seed), count(1)
    words = consent.current()
    kinds = (_forged(chance, forged), _real(chance, real))
    rows = [[_row(petition, words, chance, next(numbers), **facts) for facts in kind] for kind in kinds]
    mixed = [row for kind in rows for row in kind]
    chance.shuffle(mixed)
    Signature.objects.bulk_create(mixed, batch_size=1_000)
    lies, truths = ({row.pk for row in kind} for kind in rows)
    return lies, truths


def _forged(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(150)]
    for _ in range(number):
        kind = chance.choices(["bought", "throw-away", "farmed"], [70, 20, 10])[0]
        domain = chance.choice({"bought": BOUGHT, "throw-away": THROW_AWAY[:12], "farmed": FARMED}[kind])
        # A third of what was bought is patient, and takes the time of a person.
        patient = 1.0 if domain in BOUGHT[::3] else 0.15
        yield {
            "domain": domain,
            "client": chance.choice(CENTRES if kind == "farmed" else HOMES),
            "seconds": _patience(chance)
            if chance.random() < patient
            else chance.choice([None, 0, 0, 1, 1, 2, 3, 5, 8]),
            "country": chance.choices(ATTACKED, [5, 3, 2])[0],
            "name": chance.choice(names),
            "signed_at": BEGINS + chance.random() * (ENDS - BEGINS),
        }


def _real(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    hall = OPENED + timedelta(days=4, hours=17)
    for one in range(number):
        country, signed_at = chance.choice(COUNTRIES), _waking(chance)
        domain, client = _mailbox(chance, one), f"person-{one}"
        match one % 1_000:
            case few if few < 16:  # A lecture hall.
                country, client, signed_at = "ES", "hall", hall + chance.random() * timedelta(hours=1)
            case few if few < 88:  # Six carriers.
                client = f"carrier-{one % 6}"
            case few if few < 118:
                domain, client, country = (
                    "university.example",
                    f"campus-{one % 12}",
                    chance.choice(["ES", "ES", "ES", country]),
                )
            case few if few < 130:
                domain, country = "firm.example", "FR"
            case few if few < 136:  # Homes whose address others have rented.
                domain, client = chance.choice(PROVIDERS), chance.choice(HOMES)
                signed_at = BEGINS + chance.random() * timedelta(hours=4)
        # The browser fills in some forms, and some pages say no time.
        seconds = chance.choices([_patience(chance), chance.choice([2, 4, 6, 9]), 1, None], [92, 5, 2, 1])[0]
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
        yield {
            "domain": domain,
            "client": client,
            "seconds": seconds,
            "country": country,
            "name": name,
            "signed_at": signed_at,
        }


def _mailbox(chance: Random, one: int) -> str:
    kind = chance.choices(["provider", "relay", "throw-away", "own"], [72, 2, 1, 25])[0]
    if kind == "own":
        return f"family-{one // 4}.example"
    return chance.choice({"provider": PROVIDERS, "relay": ["duck.com", "mozmail.com"], "throw-away": THROW_AWAY}[kind])


def _waking(chance: Random) -> datetime:
    """When people sign, in the days until the attack is over."""
    hours = int((ENDS - OPENED) / timedelta(hours=1))
    hour = chance.choices(range(hours), [HOURS[hour % 24] for hour in range(hours)])[0]
    return OPENED + timedelta(hours=hour + chance.random())


def _patience(chance: Random) -> int:
    return min(10 + int(chance.lognormvariate(3.2, 0.7)), 900)


def _row(
    petition: Petition, words: Any, chance: Random, number: int, domain: str, client: str, **facts: Any
) -> Signature:
    address, at = f"mailbox-{number}@{domain}", facts["signed_at"]
    confirmed_at = at + timedelta(minutes=1) if chance.random() < 0.9 else None
    return Signature(
        petition=petition,
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        email=address,
        comment="",
        domain=domains.label(address),
        client_hash=_of_the_day(at, client),
        name_hash=_of_the_day(at, facts["name"].casefold()),
        mailed_at=at,
        confirmed_at=confirmed_at,
        consent_text=words if confirmed_at else None,
        review=Review.QUARANTINED if domains.is_disposable(address) else Review.NONE,
        **hashed(address),
        **facts,
    )


def _of_the_day(at: datetime, text: str) -> bytes:
    return hashlib.sha256(f"{at.date()} {text}".encode()).digest()[:16]
