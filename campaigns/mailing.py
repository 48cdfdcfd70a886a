"""An update to everyone who took part and asked to hear, or to those of one language or country: staff begin it once, now or for
later, rows are queued in batches, and the outbox sends them at its own pace. Interrupted anywhere it goes on; begun twice it is sent
once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from campaigns.models import Campaign, Update, UpdateMail
from petitions.models import Signature, SignatureQuerySet

BATCH = 5_000
# A mail to fewer than these would be a mail to people whom staff could guess.
FEWEST = 50

# Of each mailbox one signature stands. Whoever was addressed before is passed over by the constraint.
QUEUE = """
INSERT INTO campaigns_updatemail (update_id, signature_id, mail_due_at, mail_attempts, mailed_at)
SELECT %(update)s, signature.id, %(now)s, 0, NULL FROM petitions_signature AS signature
WHERE signature.petition_id = %(petition)s AND signature.counts AND signature.updates_at IS NOT NULL AND signature.erased_at IS NULL
  AND %(language)s IN ('', signature.language) AND %(country)s IN ('', signature.country)
  AND NOT EXISTS (
      SELECT 1 FROM campaigns_updatemail AS mail WHERE mail.update_id = %(update)s AND mail.signature_id = signature.id
  )
LIMIT %(batch)s
ON CONFLICT DO NOTHING
"""


class NotNow(Exception):
    """An update is mailed once, when it is published and not after it was withdrawn; what is over can't be stopped."""


class TooFew(Exception):
    """A selection is of FEWEST people at least, and by country only where countries are published."""


def begin(update: Update, at: datetime | None = None, language: str = "", country: str = "") -> None:
    """Notes that staff want this update mailed, `at` some time (at once, and never before it is published), to all who asked to hear
    or to those of a language and country; `queue_mails` does the rest. Raises NotNow and TooFew."""
    with transaction.atomic():
        row = Update.objects.select_for_update().get(pk=update.pk)
        if row.mailing_at or row.withdrawn_at or row.published_at is None:
            raise NotNow
        if country and not row.campaign.policy.countries:
            raise TooFew
        if (language or country) and _selected(row, language, country).count() < FEWEST:
            raise TooFew
        row.mailing_at = update.mailing_at = max(at or timezone.now(), row.published_at)
        row.mailed_language, row.mailed_country = language, country
        row.save(update_fields=["mailing_at", "mailed_language", "mailed_country"])


def stop(update: Update) -> None:
    """Has no more of it sent, for good: who has it has it. Raises NotNow when nothing waits or goes out."""
    with transaction.atomic():
        row = Update.objects.select_for_update().get(pk=update.pk)
        if not is_going(row):
            raise NotNow
        row.mailing_stopped_at = update.mailing_stopped_at = timezone.now()
        row.save(update_fields=["mailing_stopped_at"])
        # What somebody is about to send is settled by whoever has it.
        row.mails.filter(mailed_at=None, mail_attempts=0).update(mail_due_at=None)


def is_going(update: Update) -> bool:
    """Whether it waits for its time, or is on its way."""
    if not update.mailing_at or update.mailing_stopped_at:
        return False
    return update.addressed_at is None or update.mails.exclude(mail_due_at=None).exists()


def audience(update: Update) -> int:
    """How many signers have asked for news of this campaign; those under review wait for it."""
    return _selected(update).count()


@dataclass(frozen=True)
class Choices:
    """How many asked to hear, by language and by country, largest first; only what may be selected."""

    languages: list[tuple[str, int]]
    countries: list[tuple[str, int]]


def choices(update: Update) -> Choices:
    """Returns whom an update may be mailed to besides to all."""
    return Choices(_parts(update, "language"), _parts(update, "country") if update.campaign.policy.countries else [])


def _parts(update: Update, name: str) -> list[tuple[str, int]]:
    rows = _selected(update).values_list(name).annotate(number=Count("pk"))
    return list(rows.filter(number__gte=FEWEST).order_by("-number", name))


def _selected(update: Update, language: str = "", country: str = "") -> SignatureQuerySet:
    petition = update.campaign.petition
    if petition is None:
        return Signature.objects.none()
    only = {name: value for name, value in (("language", language), ("country", country)) if value}
    return petition.signatures.counting().kept().exclude(updates_at=None).filter(**only)


def queue_mails(batch: int = BATCH) -> int:
    """Makes the rows of updates whose mailing has begun; returns how many. 0: everybody has one."""
    made = 0
    begun = Update.objects.published().standing().filter(mailing_at__lte=timezone.now())
    begun = begun.filter(addressed_at=None, mailing_stopped_at=None)
    for update in begun.filter(campaign__in=Campaign.objects.public()).select_related("campaign"):
        while number := _queue_for(update, batch):
            made += number
        Update.objects.filter(pk=update.pk).update(addressed_at=timezone.now())
    return made


@dataclass(frozen=True)
class State:
    """Mails of an update: `sent`; `waiting`; `unsent`, because they were not wanted any more, could not be, or were stopped."""

    sent: int
    waiting: int
    unsent: int

    @property
    def all(self) -> int:
        return self.sent + self.waiting + self.unsent


def state(update: Update) -> State:
    """Returns what has become of its mails so far."""
    waits = Q(mail_due_at__isnull=False)
    found = UpdateMail.objects.filter(update=update).aggregate(
        sent=Count("pk", filter=Q(mailed_at__isnull=False)),
        waiting=Count("pk", filter=waits),
        unsent=Count("pk", filter=~waits & Q(mailed_at=None)),
    )
    return State(**found)


def _queue_for(update: Update, batch: int) -> int:
    facts = {
        "update": update.pk,
        "petition": update.campaign.petition_id,
        "language": update.mailed_language,
        "country": update.mailed_country,
        "now": timezone.now(),
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, facts)
        return int(cursor.rowcount)
