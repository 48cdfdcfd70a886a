"""What is done when a backup is restored: mails that may have gone out since get their rows, and are held back; packs for the target
are in none, and are asked for anew."""

from __future__ import annotations

from django.utils import timezone

from campaigns import mailing, reminding
from campaigns.models import Delivery, SealedPack
from operations.recovery.steps import catches_up, leave_out

leave_out(SealedPack)


@catches_up
def queue_mails() -> None:
    mailing.queue_mails()
    while reminding.queue_mails(timezone.now()) >= reminding.BATCH:
        pass


@catches_up
def end_deliveries() -> None:
    Delivery.objects.filter(state__in=Delivery.OPEN).update(state=Delivery.State.EXPIRED)
