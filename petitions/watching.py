"""What monitoring is told of signatures, of all petitions together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from operations.watching.names import CONFIRMATION_AGE, COUNTED, UNCOUNTED, UNCOUNTED_AGE
from operations.watching.readers import Value, reads
from petitions.models import Signature, Tally


@reads
def signatures() -> Iterator[Value]:
    found = Signature.objects.to_tally().aggregate(all=Count("pk"), oldest=Min("confirmed_at", filter=Q(counts=True)))
    yield COUNTED, (), Tally.objects.aggregate(total=Sum("signatures"))["total"] or 0
    yield UNCOUNTED, (), found["all"]
    yield UNCOUNTED_AGE, (), _age(found["oldest"])
    yield CONFIRMATION_AGE, (), _age(Signature.objects.to_be_mailed().aggregate(oldest=Min("signed_at"))["oldest"])


def _age(since: datetime | None) -> float:
    return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0
