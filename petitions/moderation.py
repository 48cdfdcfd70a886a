"""Fakes: set aside, taken out or put back. Nothing is deleted, and each removal has a reason that the public can read."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from petitions import tally
from petitions.models import Petition, Removal, Review, Signature

# What one person may take out of the count alone, in all and within this time: a share of what counts, and always a few.
SHARE, FEW, WITHIN = 0.01, 10, timedelta(days=30)


class SecondPersonNeeded(Exception):
    """One person alone may not do this, or not so much of it."""


def alone(petition: Petition) -> int:
    """How many of this petition's signatures one person may take out of the count."""
    return max(FEW, int(tally.confirmed(petition) * SHARE))


def used(petition: Petition, by: User) -> int:
    """How many this person has taken out alone lately."""
    mine = petition.removals.filter(asked_by=by, approved_by=None, asked_at__gt=timezone.now() - WITHIN)
    return mine.exclude(decided_at=None).aggregate(total=Sum("number"))["total"] or 0


def set_aside(petition: Petition, signatures: QuerySet[Signature], by: User) -> int:
    """They wait for review and do not count meanwhile. Raises SecondPersonNeeded above what one person may."""
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition.pk)
        chosen = _chosen(petition, signatures.filter(review=Review.NONE))
        if used(petition, by) + len(chosen) > alone(petition):
            raise SecondPersonNeeded
        now = timezone.now()
        Removal.objects.create(
            petition=petition, reason=Removal.Reason.REVIEW, number=len(chosen), asked_by=by, decided_at=now
        )
        return Signature.objects.filter(pk__in=chosen).update(review=Review.QUARANTINED)


def restore(signatures: QuerySet[Signature]) -> int:
    """They count again, whatever was done to them."""
    return signatures.exclude(review=Review.NONE).update(review=Review.NONE, removal=None)


def remove(petition: Petition, signatures: QuerySet[Signature], reason: str, by: User) -> Removal:
    """Take them out for `reason`; more than one person may take out alone stay as they are until a second one approves."""
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition.pk)
        chosen = _chosen(petition, signatures.exclude(review=Review.REMOVED))
        removal = Removal.objects.create(petition=petition, reason=reason, number=len(chosen), asked_by=by)
        Signature.objects.filter(pk__in=chosen).update(removal=removal)
        if used(petition, by) + len(chosen) <= alone(petition):
            _carry_out(removal)
    return removal


def approve(removal: Removal, by: User) -> None:
    """Raises SecondPersonNeeded. What was restored in the meantime stays."""
    if removal.asked_by_id == by.pk:
        raise SecondPersonNeeded
    with transaction.atomic():
        removal.approved_by = by
        _carry_out(removal)


def removals(petition: Petition) -> QuerySet[Removal]:
    """What the public is told: each decision with its reason, its date and how many of it are out now (`out`), in the steps
    that the safety level sets."""
    out = Count("signatures", filter=Q(signatures__in=Signature.objects.removed()))
    step = petition.policy.step
    decided = petition.removals.exclude(decided_at=None).exclude(reason=Removal.Reason.REVIEW)
    return decided.annotate(out=out / step * step).filter(out__gt=0).order_by(F("decided_at").desc())


def _chosen(petition: Petition, signatures: QuerySet[Signature]) -> list[uuid.UUID]:
    """Without those that somebody has asked to remove already: they wait for the second person."""
    waiting = Q(removal__isnull=False, removal__decided_at=None)
    return list(signatures.filter(petition=petition).exclude(waiting).values_list("pk", flat=True))


def _carry_out(removal: Removal) -> None:
    Signature.objects.filter(removal=removal).update(review=Review.REMOVED)
    removal.decided_at = removal.decided_at or timezone.now()
    removal.save()
