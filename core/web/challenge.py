"""A proof of work for the moment when too many forms come from one address; made and checked here, by nobody else.

Whoever has scripts solves it unseen. Whoever has none waits: the ticket in the form counts once it is old enough. Both are bound
to the kind of form and to the client, whose address is mixed into the key of the signature and kept nowhere: so neither midnight
nor a lost Valkey spoils them. A challenge counts once, whichever way it was passed.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from altcha.v2 import Payload, create_challenge, verify_solution
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string, salted_hmac

from core.models import SpentChallenge

LIVES = timedelta(minutes=10)
# What one try costs: so many rounds of SHA-256, about a millisecond in a phone and hardly less on a machine built for it.
ROUNDS = 1_000
LONGEST_PROOF, LONGEST_TICKET = 2_000, 300
WRONG = (ValueError, TypeError, KeyError, AttributeError, RecursionError, ArithmeticError)


@dataclass(frozen=True)
class Challenge:
    """`work`: JSON for static/js/prove.js. `ticket`: for those without scripts, good in `seconds`.

    `proof`: work that is done already. `early`: somebody pressed before the time.
    """

    work: str
    ticket: str
    seconds: int
    proof: str = ""
    early: bool = False


@dataclass(frozen=True)
class Brought:
    """A challenge of ours that came back. `tries`: how many its proof may have taken, 0 without a proof. `left`: seconds to wait."""

    id: str
    ticket: str
    left: float
    tries: int = 0
    proof: str = ""

    def spend(self) -> bool:
        """Whether this was its first use."""
        try:
            with transaction.atomic():
                SpentChallenge.objects.create(id=self.id)
        except IntegrityError:
            return False
        return True


def make(form: str, who: str, tries: int, wait: float) -> Challenge:
    """For one kind of form and one client: solved after `tries` at most, half of them on average, or good after `wait` seconds."""
    name = get_random_string(22)
    ticket = signing.dumps([name, int(time.time()), round(wait)], salt=_salt("ticket", form, who))
    return Challenge(_work(form, who, name, tries), ticket, round(wait))


def again(form: str, who: str, brought: Brought, tries: int) -> Challenge:
    """The same ticket, so that nobody waits twice; with new work, or with its proof when no more `tries` are asked for."""
    left = max(math.ceil(brought.left), 0)
    if tries:
        return Challenge(_work(form, who, brought.id, tries), brought.ticket, left)
    return Challenge("", brought.ticket, left, brought.proof)


def read(form: str, who: str, proof: str, ticket: str) -> Brought | None:
    """What a form brings; None when the ticket is not ours, not for this form, not for this client, or too old."""
    if len(ticket) > LONGEST_TICKET:
        return None
    try:
        name, made, wait = signing.loads(ticket, salt=_salt("ticket", form, who), max_age=LIVES)
    except (signing.BadSignature, ValueError):
        return None
    tries = _tries(form, who, name, proof) if 0 < len(proof) <= LONGEST_PROOF else 0
    return Brought(name, ticket, made + wait - time.time(), tries, proof if tries else "")


def _work(form: str, who: str, name: str, tries: int) -> str:
    key, data = _key(form, who), {"id": name, "tries": tries}
    made = create_challenge(
        "PBKDF2/SHA-256",
        ROUNDS,
        counter=secrets.randbelow(tries),
        data=data,
        expires_at=int(time.time() + LIVES.total_seconds()),
        hmac_secret=key,
        hmac_key_secret=key,
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def _tries(form: str, who: str, name: str, proof: str) -> int:
    """What the proof of this challenge is worth; 0 for one that is none."""
    try:
        payload, key = Payload.from_base64(proof), _key(form, who)
        right = verify_solution(payload, key, hmac_key_secret=key).verified
        data = payload.challenge.parameters.data or {}
        return int(data["tries"]) if right and data["id"] == name else 0
    except WRONG:
        return 0


def _salt(what: str, form: str, who: str) -> str:
    return f"outcry.challenge.{what}.{form}.{who}"


def _key(form: str, who: str) -> str:
    return salted_hmac(_salt("work", form, who), "", algorithm="sha256").hexdigest()
