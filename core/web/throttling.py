"""Many forms from one address: work is asked for that grows with their number, or a wait, and nobody is refused.

Every limit is here. They are counted by the minute, for each kind of form and each address (IPv6: its /64).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.http import HttpRequest

from core.privacy.clients import client_group, client_hash
from core.web import challenge
from core.web.challenge import Brought, Challenge
from core.web.ratelimit import MINUTE, hits_this_minute, next_turn, seen_this_minute

# So many forms a minute are taken as they come. Each process counts the first few of a client for itself, so every further process
# may take so many more.
FREE, ALONE = 20, 3
# (above so many, tries of a millisecond): a blink in a lecture hall, minutes of a machine for each form of a flood.
WORK = (
    (0, 200),
    (100, 500),
    (200, 4_000),
    (500, 20_000),
    (1_000, 80_000),
    (2_000, 320_000),
    (5_000, 1_280_000),
)
# So many proofs a minute are taken whenever their work was given out; above that they must be as hard as the number is now.
HALL = 200
# So many forms a minute pass by waiting. Waits are apart, so that the tickets of a hall ripen a little slower than that.
WAITED = 100
APART = timedelta(seconds=MINUTE / 95)
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=2)
# The mails of those that waited and were too many are as far apart; nobody's is later than this.
LATEST_MAIL = timedelta(days=1)


@dataclass(frozen=True)
class Admission:
    """`challenge`: show the form again with this, and keep nothing. `doubtful`: take it, and look at it before it counts; its
    mail is due at `mail_at`, or at once."""

    challenge: Challenge | None = None
    doubtful: bool = False
    mail_at: datetime | None = None


def check(request: HttpRequest, name: str) -> Admission:
    """What to do with this valid form of kind `name`. Below FREE a minute that is one count and nothing else."""
    client, brought = client_hash(request), _brought(request, name)
    solved = brought is not None and _hard_enough(brought, name, client)
    if brought and (solved or brought.left <= 0):
        if brought.spend():
            return _passed(solved, name, client)
        brought = None
    # Whoever pressed too early is no further form.
    is_counted = brought is None or seen_this_minute(name, client) < FREE
    if is_counted and hits_this_minute(name, client, ALONE) <= FREE:
        return Admission()
    return Admission(challenge=_challenge(request, name, client, brought))


def kept(request: HttpRequest, name: str) -> Challenge | None:
    """For a form that comes back with errors: the challenge that it brought, so that no work and no wait is lost."""
    brought = _brought(request, name)
    if brought is None:
        return None
    return challenge.again(name, client_group(request), brought, 0 if brought.proof else _tries(1))


def _brought(request: HttpRequest, name: str) -> Brought | None:
    if "ticket" not in request.POST:
        return None
    return challenge.read(name, client_group(request), request.POST.get("proof", ""), request.POST["ticket"])


def _hard_enough(brought: Brought, name: str, client: bytes) -> bool:
    number = seen_this_minute(f"{name} solved", client) + 1
    return brought.tries >= _tries(number if number > HALL else 1)


def _passed(solved: bool, name: str, client: bytes) -> Admission:
    if solved:
        hits_this_minute(f"{name} solved", client)
        return Admission()
    if hits_this_minute(f"{name} waited", client) <= WAITED:
        return Admission()
    return Admission(doubtful=True, mail_at=next_turn(name, client, APART, LATEST_MAIL))


def _challenge(request: HttpRequest, name: str, client: bytes, brought: Brought | None) -> Challenge:
    who, asked = client_group(request), seen_this_minute(name, client)
    tries = _tries(max(asked, seen_this_minute(f"{name} solved", client) + 1))
    if brought:
        early = brought.left > 0 and not brought.proof
        return replace(challenge.again(name, who, brought, tries), early=early)
    drained = int(WAITED * (time.time() % MINUTE) / MINUTE)
    before = max(seen_this_minute(name, client, minutes_ago=1) - FREE - drained, 0)
    wait = min(SHORTEST + APART * (asked - FREE + before), LONGEST)
    return challenge.make(name, who, tries, wait.total_seconds())


def _tries(number: int) -> int:
    """The most tries that a proof may take when it is so many-th of this minute."""
    return [tries for above, tries in WORK if number > above][-1]
