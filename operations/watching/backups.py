"""How old the newest backup is."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from core import observations
from operations.watching.names import BACKUP_AGE
from operations.watching.readers import Value, reads


@reads
def backups() -> Iterator[Value]:
    """Nothing before the first one."""
    made_at = observations.since(observations.BACKED_UP)
    if made_at:
        # Not below nothing where a clock was set back since.
        yield BACKUP_AGE, (), max((timezone.now() - made_at).total_seconds(), 0.0)
