from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from core import alert_webhook, incidents
from core.mail.outbox import take_turn
from core.models import SpentChallenge, StaffMail
from core.periodic import periodic
from core.recovery import journal
from core.web import challenge

KEPT = timedelta(days=7)


@periodic("core.forget_spent_challenges")
def forget_spent_challenges() -> None:
    """By now they have lapsed by themselves."""
    SpentChallenge.objects.filter(spent_at__lt=timezone.now() - 2 * challenge.LIVES).delete()


@periodic("core.tell_incidents")
def tell_incidents() -> None:
    incidents.look_at_all()
    alert_webhook.post_due()


@periodic("core.write_journal")
def write_journal() -> None:
    """What people take back is in the file seconds later (core/recovery/journal.py)."""
    if settings.JOURNAL_PATH:
        journal.write_down(settings.JOURNAL_PATH)


@periodic("core.forget_journal")
def forget_journal() -> None:
    journal.forget(settings.JOURNAL_PATH)


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
