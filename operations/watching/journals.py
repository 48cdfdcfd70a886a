"""How long what people took back has waited to be in the journal's file."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from core import closing
from operations.recovery import journal
from operations.watching.names import JOURNAL_AGE
from operations.watching.readers import Value, reads


@reads
def journals() -> Iterator[Value]:
    """Nothing where there is no journal, and while the site is closed: then no worker writes it."""
    if settings.JOURNAL_PATH and not closing.is_closed():
        oldest = journal.oldest_unwritten()
        yield JOURNAL_AGE, (), max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
