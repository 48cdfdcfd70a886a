"""An attack as people make it: forged signatures by the thousand, mixed with a real crowd. The same seed makes the same rows.

Those who attack have bought 24 domains, use 12 throw-away ones and have farmed mailboxes at 4 large providers. They say that they are
from three countries, and come over 300 rented network addresses of homes, 20 of a data centre and a proxy that gives each form an
address of its own. No mark is on all of them: some domains are hasty, some sign by night, some take a person's time at a person's
hours. A few are made by hand, with all that people have: nobody can tell these.

The real ones come as never before while it lasts, for both have heard the same news, and are no ideal people either: households,
offices, a lecture hall and a university behind an address each, carriers with dozens behind one, forms filled in by the browser,
throw-away mail, and homes whose address the attack rents as well.

Who was taken out can ask for a second look. So do some of the forged ones: their mailboxes are real. Most say nothing, or one of a few
sentences that are shuffled a little; one in ten says what nobody else does.
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
OPENED, SURGE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
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

EXCUSES = [
    "I am a real person",
    "This is a mistake",
    "Please count my signature",
    "Why was I removed?",
    "I support this",
]
WHO = ["My sister", "A friend", "My neighbour", "The teacher", "Our doctor", "A colleague", "My aunt", "The baker"]
DID = ["sent it to me", "read it aloud", "asked me to sign", "told me of it", "had it on the door", "sang of it"]
WHERE = ["in the library", "at work", "after the match", "on the bus", "at the market", "by the river", "at school"]


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


def words_of_a_person(chance: Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHERE)}, {chance.choice(FIRST)} {chance.choice(LAST)}."


def words_of_forged(chance: Random, number: int) -> list[str]:
    """What so many of them say when they ask for a second look."""
    return [
        words_of_a_person(chance)
        if one % 10 == 0
        else chance.choice(["", f"{chance.choice(EXCUSES)}{chance.choice('.!?')} {chance.randrange(1_000)}"])
        for one in range(number)
    ]


def _forged(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(150)]
    for one in range(number):
        kind = chance.choices(["bought", "throw-away", "farmed", "by hand"], [69.5, 20, 10, 0.5])[0]
        domain = chance.choice({"bought": BOUGHT, "throw-away": THROW_AWAY[:12]}.get(kind, FARMED))
        client = chance.choice(CENTRES if kind == "farmed" else HOMES)
        patient, is_awake = 0.15, False
        match kind, BOUGHT.index(domain) % 4 if domain in BOUGHT else None:
            case "bought", 1:
                patient = 1.0
            case ("bought", 2) | ("by hand", _):
                patient, is_awake = 1.0, True
            case "bought", 3:
                client, is_awake = f"proxy-{one}", True
            case "farmed", _:
                patient, is_awake = (0.15, 0.45)[CENTRES.index(client) % 2], CENTRES.index(client) % 3 == 0
            case "throw-away", _:
                patient = (0.15, 1.0)[THROW_AWAY.index(domain) % 2]
        yield {
            "domain": domain,
            "client": client,
            "seconds": _patience(chance)
            if chance.random() < patient
            else chance.choice([None, 0, 0, 1, 1, 2, 3, 5, 8]),
            "country": chance.choices(ATTACKED, [5, 3, 2])[0],
            "name": chance.choice(names),
            "signed_at": _waking(chance, BEGINS) if is_awake else BEGINS + chance.random() * (ENDS - BEGINS),
        }


def _real(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    hall = BEGINS + timedelta(hours=15)
    for one in range(number):
        country, signed_at = chance.choice(COUNTRIES), _waking(chance, chance.choice([OPENED, SURGE]))
        domain, client = _mailbox(chance, one), f"person-{one}"
        match one % 1_000:
            case few if few < 16:  # A lecture hall.
                country, client, signed_at = chance.choice(["ES"] * 9 + ["IT"]), "hall", hall + _within(chance, 1)
            case few if few < 136:  # Three carriers.
                client, country = f"carrier-{one % 3}", chance.choice([["ES", "FR", "DE"][one % 3]] * 9 + [country])
            case few if few < 166:  # Every second one is on the campus, behind one of two addresses.
                domain, country = "university.example", chance.choice(["ES", "ES", "ES", country])
                client = f"campus-{one % 4}" if one % 4 < 2 else client
            case few if few < 178:  # A firm whose people have mail there.
                domain, client, country = "firm.example", "firm", "FR"
            case few if few < 186:  # An office whose people have mail of their own.
                client, country, signed_at = "office", "ES", hall - _within(chance, 2)
            case few if few < 192:  # Homes whose address others have rented.
                client, signed_at = chance.choice(HOMES), _waking(chance, BEGINS)
            case few if few < 592:  # Households of two, on one evening.
                evening = OPENED + timedelta(days=one // 2 % 9, hours=18)
                client, signed_at = f"household-{one // 2}", evening + _within(chance, 4)
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
    kind = chance.choices(["provider", "relay", "throw-away", "own"], [70, 2, 3, 25])[0]
    if kind == "own":
        return f"family-{one // 4}.example"
    return chance.choice({"provider": PROVIDERS, "relay": ["duck.com", "mozmail.com"], "throw-away": THROW_AWAY}[kind])


def _waking(chance: Random, begins: datetime) -> datetime:
    """When people sign, from then until the attack is over."""
    hours = int((ENDS - begins) / timedelta(hours=1))
    hour = chance.choices(range(hours), [HOURS[(begins.hour + hour) % 24] for hour in range(hours)])[0]
    return begins + timedelta(hours=hour) + _within(chance, 1)


def _within(chance: Random, hours: int) -> timedelta:
    return chance.random() * timedelta(hours=hours)


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
