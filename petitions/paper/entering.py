"""Takes batches of paper, and corrects them until somebody has checked them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.models import PaperBatch, Petition


class NotHere(Exception):
    "At the safety level of this petition, nobody can sign on paper."


class Decided(Exception):
    """It was checked or withdrawn in the meantime."""


def enter(petition: Petition, count: int, place: str, collected_on: date, by: User) -> PaperBatch:
    """It counts once somebody else has checked it. Raises NotHere."""
    if not petition.policy.paper:
        raise NotHere
    return PaperBatch.objects.create(
        petition=petition, count=count, place=place, collected_on=collected_on, entered_by=by
    )


def correct(batch: PaperBatch, count: int, place: str, collected_on: date, by: User) -> PaperBatch:
    """Whoever corrects it has entered it, so that somebody else checks what it says now. Raises NotHere, Decided."""
    with transaction.atomic():
        locked = waiting(batch)
        locked.count, locked.place, locked.collected_on = count, place, collected_on
        locked.entered_by, locked.entered_at = by, timezone.now()
        locked.save()
    return locked


def waiting(batch: PaperBatch) -> PaperBatch:
    """The row as it is now, locked until the caller's transaction ends. Raises NotHere, Decided."""
    locked = PaperBatch.objects.allowed().select_for_update(no_key=True, of=("self",)).filter(pk=batch.pk).first()
    if locked is None:
        raise NotHere
    if not locked.is_waiting:
        raise Decided
    return locked
