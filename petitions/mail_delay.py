"""How late the confirmation mail runs now."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.kept import kept
from petitions.models import Signature

# Below this nobody needs to be told.
QUIET = timedelta(minutes=2)
# One mailbox that is full makes one mail late, not the mail.
FEW = 3


def mail_is_late() -> timedelta | None:
    """How long the oldest mail that still waits has been waiting; None while mail runs as it should."""
    oldest = list(Signature.objects.to_be_mailed().order_by("signed_at").values_list("signed_at", flat=True)[:FEW])
    late = timezone.now() - oldest[-1] if len(oldest) == FEW else timedelta(0)
    return late if late > QUIET else None


@kept
def minutes_late() -> int:
    """The same in minutes, for the page that everybody sees who signs; 0 while mail runs as it should."""
    return int((mail_is_late() or timedelta()).total_seconds() // 60)
