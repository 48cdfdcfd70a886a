"""How many mails wait, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from core.mail import queues
from operations.watching.names import MAILS_DUE, MAILS_UNCERTAIN
from operations.watching.readers import Value, reads


@reads
def mails() -> Iterator[Value]:
    for kind, queued in queues.by_kind().items():
        yield MAILS_DUE, (kind,), queued.due
        yield MAILS_UNCERTAIN, (kind,), queued.uncertain
