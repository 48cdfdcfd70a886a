"""Reminders: a moment's mails get their rows when their time has come, whatever the moment was moved to by then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from campaigns.models import LEADS, KeyMoment, Pledge, Reminder, Status

# So many rows at once; the rest follows a minute later.
BATCH = 5_000


def queue_mails(now: datetime) -> int:
    """Makes a row for every reminder whose time has come, once for each time that a moment was set to; returns how many."""
    seen = 0
    for moment in _upcoming(now):
        for remind, lead in LEADS.items():
            if moment.starts_at - lead <= now:
                pledges = Pledge.objects.standing().filter(campaign=moment.campaign_id, remind=remind)
                written = Reminder.objects.filter(pledge=OuterRef("pk"), moment=moment, starts_at=moment.starts_at)
                waiting = pledges.filter(~Exists(written))
                rows = [
                    Reminder(pledge_id=pk, moment=moment, starts_at=moment.starts_at, mail_due_at=now)
                    for pk in waiting.values_list("pk", flat=True)[:BATCH]
                ]
                Reminder.objects.bulk_create(rows, ignore_conflicts=True)
                seen += len(rows)
    return seen


def still_right(reminder: Reminder, now: datetime) -> bool:
    """Whether the moment still is when the reminder says: not moved, not withdrawn, not over."""
    moment = reminder.moment
    return moment.withdrawn_at is None and moment.starts_at == reminder.starts_at and now < moment.lasts_until


def _upcoming(now: datetime) -> list[KeyMoment]:
    """Days of action of campaigns that go on, not over yet, of which the first reminder may be due."""
    days = KeyMoment.objects.days_of_action().filter(campaign__status=Status.LIVE)
    return list(days.exclude(pk__in=KeyMoment.objects.over(now)).filter(starts_at__lte=now + max(LEADS.values())))
