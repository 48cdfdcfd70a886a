from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from core.mail.outbox import take_turn
from core.models import SpentChallenge, StaffMail
from core.periodic import periodic
from core.web import challenge

KEPT = timedelta(days=7)


@periodic("core.forget_spent_challenges")
def forget_spent_challenges() -> None:
    """By now they have lapsed by themselves."""
    SpentChallenge.objects.filter(spent_at__lt=timezone.now() - 2 * challenge.LIVES).delete()


@periodic("core.send_mails", seconds=600)
def send_mails() -> None:
    take_turn(StaffMail, compose)
    # They hold links to a new password: what was sent, given up or is uncertain is not kept for long.
    old = timezone.now() - KEPT
    StaffMail.objects.filter(
        Q(mailed_at__lt=old) | Q(mail_due_at__lt=old) | Q(mailed_at=None, mail_due_at=None)
    ).delete()


def compose(row: StaffMail) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(row.subject, row.text, to=[row.to], headers={"Auto-Submitted": "auto-generated"})
    if row.html:
        mail.attach_alternative(row.html, "text/html")
    return mail
