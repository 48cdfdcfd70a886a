from __future__ import annotations

from django.conf import settings

from core.periodic import periodic
from operations import alert_webhook, incidents
from operations.recovery import journal


@periodic("operations.tell_incidents")
def tell_incidents() -> None:
    incidents.look_at_all()
    alert_webhook.post_due()


@periodic("operations.write_journal")
def write_journal() -> None:
    """What people take back is in the file seconds later (operations/recovery/journal.py)."""
    if settings.JOURNAL_PATH:
        journal.write_down(settings.JOURNAL_PATH)


@periodic("operations.forget_journal")
def forget_journal() -> None:
    journal.forget(settings.JOURNAL_PATH)
