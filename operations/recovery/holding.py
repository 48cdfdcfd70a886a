"""Mails that may have gone out after the backup was made are not sent again."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from core.models import QueuedMail


def hold_mails() -> int:
    """What was due by now, or was being sent, becomes uncertain (core/mail/outbox.py): staff decide; how many."""
    may_be_sent = Q(mail_due_at__lte=timezone.now()) | Q(mail_due_at__isnull=False, mail_attempts__gt=0)
    return sum(
        model._default_manager.filter(may_be_sent).update(mail_attempts=QueuedMail.ATTEMPTS)
        for model in apps.get_models()
        if issubclass(model, QueuedMail)
    )
