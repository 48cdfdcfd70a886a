"""Whoever guesses passwords or codes is slowed, by account and never locked out; counted in PostgreSQL, whatever else is gone.

An account has one door for strangers and one for each device that it logged in with: a stranger's guesses do not make the owner
wait, and a stolen device has no free guesses.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import devices
from accounts.models import Guesses, User
from core.crypto.hashes import keyed_hash

FREE = 5
LONGEST = timedelta(minutes=5)
# One wrong guess is forgotten for each such time without another try.
FORGIVEN_AFTER = timedelta(minutes=15)
KEPT = timedelta(days=2)


def door(request: HttpRequest, what: str, user: User | None, address: str = "") -> bytes:
    """What guesses are counted by. An address without an account has a door like any other: its answers are the same."""
    device = devices.known(request, user)
    if device is not None:
        return keyed_hash("guesses", f"{what} device {device.pk}")
    return keyed_hash("guesses", f"{what} account {user.pk}" if user else f"{what} address {address.lower()}")


def begin(door: bytes) -> None:
    """Count this try as wrong before anything is compared, so that many at once are as many. ValidationError: come back later."""
    now = timezone.now()
    with transaction.atomic():
        row, _ = Guesses.objects.select_for_update().get_or_create(door=door, defaults={"last_at": now})
        wrong = max(0, row.wrong - (now - row.last_at) // FORGIVEN_AFTER)
        seconds = wait(wrong, row.last_at, now)
        if seconds:
            raise ValidationError(_come_back_in(seconds), code="slowed", params={"seconds": seconds})
        row.wrong, row.last_at = wrong + 1, now
        row.save()


def was_right(door: bytes) -> None:
    Guesses.objects.filter(door=door).update(wrong=0)


def check_password(request: HttpRequest, user: User, password: str) -> bool:
    """For somebody who is logged in and is asked again. ValidationError: come back later."""
    here = door(request, "password", user)
    begin(here)
    right = user.check_password(password)
    if right:
        was_right(here)
    return right


def wait(wrong: int, last_at: datetime, now: datetime) -> int:
    """Whole seconds until the next try: none after 4 wrong ones, then 2, 4, 8 and so on after the last one, up to 5 minutes."""
    if wrong < FREE:
        return 0
    delay = min(timedelta(seconds=2 ** min(wrong - FREE + 1, 20)), LONGEST)
    left = (last_at + delay - now).total_seconds()
    return max(0, -int(-left // 1))


def forget() -> None:
    Guesses.objects.filter(last_at__lt=timezone.now() - KEPT).delete()


def _come_back_in(seconds: int) -> str:
    return ngettext(
        "Too many logins to this account failed. Please wait %(seconds)s second and try again. A passkey "
        "works right away, and so does a device you logged in with in the last 30 days.",
        "Too many logins to this account failed. Please wait %(seconds)s seconds and try again. A passkey "
        "works right away, and so does a device you logged in with in the last 30 days.",
        seconds,
    ) % {"seconds": seconds}
