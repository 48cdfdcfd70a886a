from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from campaigns import mailing, moments, reminding
from campaigns.delivering import writing
from campaigns.models import NameForTarget, Pledge, Reminder, UpdateMail
from core.mail.outbox import BATCH, send_due, take_back, take_turn
from core.mail.writers import writer
from core.owners import owner_is_none_of
from core.periodic import periodic
from petitions.models import sparing_links

# How often the beat sends news, in seconds (config/celery.py); with MAILS_PER_MINUTE it makes the pace.
NEWS_EVERY = 10
MAILS_KEPT = timedelta(days=30)


@periodic("campaigns.send_pledge_mails", seconds=600)
def send_pledge_mails() -> None:
    take_turn(Pledge, writer(Pledge))


@periodic("campaigns.remind")
def remind() -> None:
    now = timezone.now()
    moments.keep_busy(now)
    while reminding.queue_mails(now) >= reminding.BATCH:
        pass


@periodic("campaigns.send_reminders", seconds=600)
def send_reminders() -> None:
    take_turn(Reminder, writer(Reminder))


@periodic("campaigns.send_updates", seconds=600)
def send_updates() -> None:
    """News can wait: it goes at a pace that mail servers like, and never before a mail that somebody waits for."""
    mailing.queue_mails()
    take_back(UpdateMail)
    left = max(settings.MAILS_PER_MINUTE * NEWS_EVERY // 60, 1)
    while left > 0 and (sent := send_due(UpdateMail, writer(UpdateMail), batch=min(left, BATCH))):
        left -= sent


@periodic("campaigns.write_deliveries", seconds=600)
def write_deliveries() -> None:
    writing.forget()
    writing.take_turn()


@periodic("campaigns.forget")
def forget() -> None:
    """Pledges that nobody confirmed go after 7 days, all others when the safety level says so; who got which mail after 30 days."""
    now = timezone.now()
    Pledge.objects.lapsed(now).filter(owner_is_none_of(Pledge, "campaign", sparing_links())).delete()
    Pledge.objects.past_retention(now).delete()
    # Of those whom a release that knows nothing of it has erased beside us.
    NameForTarget.objects.exclude(signature__erased_at=None).delete()
    Reminder.objects.filter(mail_due_at=None, moment__starts_at__lt=now - MAILS_KEPT).delete()
    UpdateMail.objects.filter(update__addressed_at__lt=now - MAILS_KEPT).delete()
