from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts import devices, guessing, mails
from accounts.models import Device, Invitation, ResetRequest, StaffSession
from core.mail.outbox import take_turn
from core.periodic import periodic


@periodic("accounts.send_resets", seconds=600)
def send_resets() -> None:
    take_turn(ResetRequest, mails.reset)


@periodic("accounts.send_invitations", seconds=600)
def send_invitations() -> None:
    take_turn(Invitation, mails.invitation)


@periodic("accounts.forget")
def forget() -> None:
    """An asked link is counted for a day and kept for two; a device is a stranger after 30 days; a session that is over goes.

    The address of somebody who was invited and did not come is kept for 30 days more.
    """
    Invitation.objects.filter(accepted_at=None, expires_at__lt=timezone.now() - timedelta(days=30)).delete()
    guessing.forget()
    Device.objects.filter(logged_in_at__lt=timezone.now() - devices.KNOWN_FOR).delete()
    StaffSession.objects.over().delete()
    ResetRequest.objects.filter(asked_at__lt=timezone.now() - timedelta(days=2)).delete()
