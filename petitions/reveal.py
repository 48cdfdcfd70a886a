"""Who signed, shown to one person, one row or one sheet of paper at a time, for a reason that is written down. What was shown is kept
nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.models import Reveal, Signature

AN_HOUR = timedelta(hours=1)
# So many rows an hour for one person: enough to look into a complaint, too few to copy a list.
MOST = 30


class TooMany(Exception):
    """This person has looked at as many rows and sheets as one may within an hour."""


@dataclass(frozen=True)
class Revealed:
    """`number`: that of the record of it."""

    number: int
    name: str
    comment: str


def take_turn(by: User) -> None:
    """One at a time for each person, until the caller's transaction ends: a hundred requests at once are counted like a hundred after
    another."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def note(row: UUID, petition: int, by: User, reason: str, kind: Reveal.Kind) -> int:
    """The number of the record, for whoever has their turn. Raises TooMany."""
    if Reveal.objects.filter(by=by, at__gt=timezone.now() - AN_HOUR).count() >= MOST:
        raise TooMany
    return Reveal.objects.create(row=row, petition_id=petition, by=by, reason=reason, kind=kind).pk


def reveal(signature: Signature, by: User, reason: str) -> Revealed | None:
    """What its owner wrote; None where it was erased, which uses up nothing. Raises TooMany."""
    with transaction.atomic():
        take_turn(by)
        row = Signature.objects.kept().filter(pk=signature.pk).first()
        if row is None:
            return None
        number = note(row.pk, row.petition_id, by, reason, Reveal.Kind.SIGNATURE)
        return Revealed(number, row.name or "", row.comment or "")
