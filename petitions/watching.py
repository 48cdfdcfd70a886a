"""What monitoring is told of signatures, of all petitions together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min, Sum
from django.utils import timezone

from operations.watching.names import CONFIRMATION_AGE, COUNTED, UNCOUNTED, UNCOUNTED_AGE
from operations.watching.readers import Value, reads
from petitions import tally
from petitions.models import Signature, TallyByCountry


@reads
def signatures() -> Iterator[Value]:
    lag = tally.lag()
    yield COUNTED, (), TallyByCountry.objects.aggregate(total=Sum("signatures"))["total"] or 0
    yield UNCOUNTED, (), lag.signatures
    yield UNCOUNTED_AGE, (), _age(lag.oldest_to_add)
    yield CONFIRMATION_AGE, (), _age(Signature.objects.to_be_mailed().aggregate(oldest=Min("signed_at"))["oldest"])


def _age(since: datetime | None) -> float:
    return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0
