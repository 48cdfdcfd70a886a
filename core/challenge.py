"""A proof of work for the rare moment when too many forms come from one address; made and checked here, by nobody else.

Whoever has scripts solves it unseen. Whoever has none waits: the ticket in the form counts once it is old enough.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from datetime import timedelta

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

WORK = 60_000
LIVES = timedelta(minutes=30)
WAIT = timedelta(seconds=20)


@dataclass(frozen=True)
class Challenge:
    """`work`: JSON for static/js/prove.js. `ticket`: for those without scripts, good after `seconds`."""

    work: str
    ticket: str
    seconds: int = int(WAIT.total_seconds())


def make(form: str) -> Challenge:
    """For one kind of form: what was done for one form is worth nothing in another."""
    options = ChallengeOptions(hmac_key=_key(form), max_number=WORK, expires=timezone.now() + LIVES)
    made = create_challenge(options)
    work = {"algorithm": made.algorithm, "challenge": made.challenge, "salt": made.salt, "signature": made.signature}
    return Challenge(json.dumps(work | {"maxnumber": WORK}), _signer(form).sign(get_random_string(22)))


def passed(form: str, proof: str, ticket: str) -> bool:
    """Whether the work was done, or the wait was waited; each proof and ticket counts once."""
    if proof and len(proof) < 1_000 and _is_proof(form, proof):
        return _first_use(json.loads(base64.b64decode(proof))["signature"])
    return bool(ticket) and len(ticket) < 200 and _waited(form, ticket) and _first_use(ticket)


def _is_proof(form: str, proof: str) -> bool:
    try:
        return verify_solution(proof, _key(form), check_expires=True)[0]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _waited(form: str, ticket: str) -> bool:
    try:
        _signer(form).unsign(ticket, max_age=LIVES)
        made = b62_decode(ticket.split(":")[1])
    except (BadSignature, ValueError, IndexError):
        return False
    return time.time() - made >= WAIT.total_seconds()


def _first_use(secret: str) -> bool:
    return cache.add(f"proof:{secret[:64]}", 1, timeout=int(LIVES.total_seconds()))


def _signer(form: str) -> TimestampSigner:
    return TimestampSigner(salt=f"outcry.challenge.{form}")


def _key(form: str) -> str:
    return salted_hmac("outcry.challenge.work", form, settings.SECRET_KEY, algorithm="sha256").hexdigest()
