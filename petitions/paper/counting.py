"""How many have signed on paper, as the public is told: beside the others, never among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, Sum

from petitions.models import PaperBatch, Petition


class OnPaper(NamedTuple):
    """`counted`: of batches that were checked and stand. `withdrawn`: of those that were checked and stand no more."""

    counted: int
    withdrawn: int


NONE = OnPaper(0, 0)


def by_petition(petitions: Sequence[Petition]) -> dict[int, OnPaper]:
    """By the petition's id, in one query, without those that have none. Whoever asks names none whose safety level has no paper."""
    stands = Q(withdrawn_at=None)
    rows = PaperBatch.objects.checked().filter(petition__in=petitions).order_by().values_list("petition")
    sums = rows.annotate(counted=Sum("count", filter=stands, default=0), gone=Sum("count", filter=~stands, default=0))
    return {petition: OnPaper(counted, gone) for petition, counted, gone in sums}
