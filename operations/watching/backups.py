"""How old the newest backup is, or how long the first one has been awaited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from core import observations
from operations.watching.names import BACKUP_AGE, BACKUP_AWAITED
from operations.watching.readers import Value, reads


@reads
def backups() -> Iterator[Value]:
    """Nothing before the first one where none are made."""
    if made_at := observations.since(observations.BACKED_UP):
        yield BACKUP_AGE, (), _seconds(made_at)
    elif settings.BACKUP_RECIPIENTS and (awaited := observations.since(observations.BACKUP_AWAITED)):
        yield BACKUP_AWAITED, (), _seconds(awaited)


def _seconds(since: datetime) -> float:
    """Not below nothing where a clock was set back."""
    return max((timezone.now() - since).total_seconds(), 0.0)
