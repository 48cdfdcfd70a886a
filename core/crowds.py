"""Many forms from one address: a little work is asked for, and nobody is refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from core.challenge import Challenge, make, passed
from core.clients import client_hash
from core.ratelimit import hits_this_minute

# So many a minute from one address: more are asked for a little work, many more wait for review.
CHALLENGE_ABOVE, REVIEW_ABOVE = 20, 200


@dataclass(frozen=True)
class Verdict:
    """`challenge`: show the form again with this. `doubtful`: take it, and look at it before it counts."""

    challenge: Challenge | None = None
    doubtful: bool = False


def judge(request: HttpRequest, name: str) -> Verdict:
    """What to do with this form of kind `name`. One that comes back with its challenge is judged by what it brings, and counted
    apart: so many solved ones in a minute are no lecture hall either."""
    client = client_hash(request)
    if "ticket" in request.POST:
        solved = passed(name, request.POST.get("proof", ""), request.POST["ticket"])
        return Verdict(doubtful=hits_this_minute(f"{name} again", client) > REVIEW_ABOVE or not solved)
    hits = hits_this_minute(name, client)
    if CHALLENGE_ABOVE < hits <= REVIEW_ABOVE:
        return Verdict(challenge=make(name))
    return Verdict(doubtful=hits > REVIEW_ABOVE)
