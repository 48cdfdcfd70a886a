"""Who signed, shown to one person, one row at a time, for a reason that is written down. What was shown is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.models import Reveal, Signature

AN_HOUR = timedelta(hours=1)
# So many rows an hour for one person: enough to look into a complaint, too few to copy a list.
MOST = 30


class TooMany(Exception):
    """This person has looked at as many rows as one may within an hour."""


@dataclass(frozen=True)
class Revealed:
    """`number`: that of the record of it."""

    number: int
    name: str
    comment: str


def reveal(signature: Signature, by: User, reason: str) -> Revealed | None:
    """What its owner wrote; None where it was erased, which uses up nothing. Raises TooMany."""
    with transaction.atomic():
        # One at a time for each person: a hundred requests at once are counted like a hundred after another.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        row = Signature.objects.kept().filter(pk=signature.pk).first()
        if row is None:
            return None
        if Reveal.objects.filter(by=by, at__gt=timezone.now() - AN_HOUR).count() >= MOST:
            raise TooMany
        record = Reveal.objects.create(row=row.pk, petition_id=row.petition_id, by=by, reason=reason)
        return Revealed(record.pk, row.name or "", row.comment or "")
