"""Mails that the clock asks for: what may have gone out since a backup gets its row when that is restored, and is held back."""

from __future__ import annotations

from django.utils import timezone

from campaigns import mailing, reminding
from operations.recovery.steps import catches_up


@catches_up
def queue_mails() -> None:
    mailing.queue_mails()
    while reminding.queue_mails(timezone.now()) >= reminding.BATCH:
        pass
