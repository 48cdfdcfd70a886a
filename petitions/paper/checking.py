"""Lets a batch of paper count, once a second person has counted its lines as well; withdraws it, with a reason that stays."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.models import PaperBatch
from petitions.paper.entering import Decided, NotHere, waiting


class SecondPersonNeeded(Exception):
    """Whoever entered it, or corrected it last, does not check it."""


class Differs(Exception):
    """The second person has counted another number."""


def check(batch: PaperBatch, counted: int, by: User) -> None:
    """`counted`: what this person has counted, without a look at what was entered. Raises NotHere, Decided, SecondPersonNeeded,
    Differs."""
    with transaction.atomic():
        locked = waiting(batch)
        if locked.entered_by_id == by.pk:
            raise SecondPersonNeeded
        if locked.count != counted:
            raise Differs
        locked.checked_by, locked.checked_at = by, timezone.now()
        locked.save(update_fields=["checked_by", "checked_at"])


def withdraw(batch: PaperBatch, because: str, by: User) -> None:
    """Its signatures count no more, and the pictures of its sheets go. Raises NotHere, Decided."""
    with transaction.atomic():
        rows = PaperBatch.objects.allowed().select_for_update(no_key=True, of=("self",))
        locked = rows.filter(pk=batch.pk).first()
        if locked is None:
            raise NotHere
        if locked.withdrawn_at:
            raise Decided
        locked.scans.all().delete()
        locked.withdrawn_by, locked.withdrawn_at, locked.withdrawn_because = by, timezone.now(), because
        locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
