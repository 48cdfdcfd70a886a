"""Where staff are logged in: on which kind of device, since when, last seen when. It says enough to notice a stranger, and is kept no
longer than the session; IP addresses and names of browsers are not written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.middleware import ADMIN
from accounts.models import StaffSession, StaffSessionQuerySet, User

Kind = StaffSession.Kind
# "Last seen" is as exact as this: a page that is looked at writes no more often, nor does it ask.
EVERY = timedelta(minutes=5)
# In the session: under which key it was noted, and when, in seconds since 1970.
NOTED = "noted"


def note_staff(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Notes every session that comes into the admin. Stands behind the second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN) and request.user.is_authenticated and request.user.is_staff:
            note(request)
        return get_response(request)

    return middleware


def note(request: HttpRequest) -> None:
    """Write down that the session of this request was seen, unless that was done a moment ago."""
    key, now = str(request.session.session_key), timezone.now()
    known, seconds = request.session.get(NOTED, ("", 0.0))
    if known == key and now.timestamp() < seconds + EVERY.total_seconds():
        return
    if not StaffSession.objects.filter(session=key).update(seen_at=now):
        row = StaffSession(
            session_id=key,
            user=cast(User, request.user),
            device=device_of(request.headers.get("User-Agent", "")),
            began_at=_began(request) or now,
            seen_at=now,
        )
        # Two pages may be opened at once.
        StaffSession.objects.bulk_create([row], ignore_conflicts=True)
    request.session[NOTED] = (key, now.timestamp())


def of(user: Any) -> StaffSessionQuerySet:
    return StaffSession.objects.standing().filter(user=user)


def end(rows: StaffSessionQuerySet) -> int:
    """Whoever comes with one of them next is logged out. Returns their number."""
    keys = list(rows.values_list("session", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def device_of(agent: str) -> Kind:
    """The kind of device by what its browser says of itself, which may be wrong."""
    agent = agent.lower()
    if "ipad" in agent or "tablet" in agent or ("android" in agent and "mobile" not in agent):
        return Kind.TABLET
    if "mobile" in agent or "iphone" in agent:
        return Kind.PHONE
    known = any(system in agent for system in ("windows nt", "macintosh", "x11", "linux", "cros"))
    return Kind.COMPUTER if known else Kind.OTHER


def _began(request: HttpRequest) -> datetime | None:
    """When its owner logged in: another password gives a session another key, and not another beginning."""
    shown = [record["at"] for record in get_authentication_records(request, request.user)]
    return datetime.fromtimestamp(min(shown), UTC) if shown else None
