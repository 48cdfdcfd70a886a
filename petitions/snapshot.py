"""Once an hour, rounded: how many signatures wait. An exact, live figure would tell strangers who has just signed."""

from __future__ import annotations

from django.utils import timezone

from petitions import moderation, tally
from petitions.models import Petition, Signature

STEP = 10


def rounded(number: int) -> int:
    """To the nearest 10, halves up."""
    return (number + STEP // 2) // STEP * STEP


def stepped(number: int) -> int:
    """Down to the last full 10: a total that tells of nobody in particular."""
    return number // STEP * STEP


def take(petition: Petition) -> None:
    mine = Signature.objects.filter(petition=petition)
    # What was once taken out stays on record when its signer withdraws it.
    removed = max(mine.removed().count(), moderation.taken_out(petition))
    Petition.objects.filter(pk=petition.pk).update(
        pending=rounded(mine.pending().count()),
        under_review=rounded(mine.under_review().count()),
        removed=removed if petition.policy.step == 1 else stepped(removed),
        confirmed_hourly=stepped(tally.confirmed(petition)),
        snapshot_at=timezone.now(),
    )
