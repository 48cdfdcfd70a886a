"""An update to everyone who took part and asked to hear: staff begin it once, rows are queued in batches, and the outbox sends
them at its own pace. Interrupted anywhere it goes on; begun twice it is sent once."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Campaign, Update, UpdateMail

BATCH = 5_000

# Of each mailbox one signature stands. Whoever was addressed before is passed over by the constraint.
QUEUE = """
INSERT INTO campaigns_updatemail (update_id, signature_id, mail_due_at, mail_attempts, mailed_at)
SELECT %(update)s, signature.id, %(now)s, 0, NULL FROM petitions_signature AS signature
WHERE signature.petition_id = %(petition)s AND signature.counts AND signature.updates_at IS NOT NULL AND signature.erased_at IS NULL
  AND NOT EXISTS (
      SELECT 1 FROM campaigns_updatemail AS mail WHERE mail.update_id = %(update)s AND mail.signature_id = signature.id
  )
LIMIT %(batch)s
ON CONFLICT DO NOTHING
"""


class NotNow(Exception):
    """An update can be mailed once it is published, once only, and not after it was withdrawn."""


def begin(update: Update) -> None:
    """Notes that staff want this update mailed; `queue_mails` does the rest. Raises NotNow."""
    with transaction.atomic():
        row = Update.objects.select_for_update().get(pk=update.pk)
        if row.mailing_at or row not in Update.objects.published().standing():
            raise NotNow
        row.mailing_at = update.mailing_at = timezone.now()
        row.save(update_fields=["mailing_at"])


def audience(update: Update) -> int:
    """How many signers have asked for news of this campaign; those under review wait for it."""
    petition = update.campaign.petition
    if petition is None:
        return 0
    return petition.signatures.counting().kept().exclude(updates_at=None).count()


def queue_mails(batch: int = BATCH) -> int:
    """Makes the rows of updates that staff have begun to mail; returns how many. 0: everybody has one."""
    made = 0
    begun = Update.objects.published().standing().filter(mailing_at__isnull=False, addressed_at=None)
    for update in begun.filter(campaign__in=Campaign.objects.public()).select_related("campaign"):
        while number := _queue_for(update, batch):
            made += number
        Update.objects.filter(pk=update.pk).update(addressed_at=timezone.now())
    return made


def state(update: Update) -> tuple[int, int]:
    """Returns how many mails are sent or settled, and how many were queued so far."""
    mails = UpdateMail.objects.filter(update=update)
    return mails.filter(mail_due_at=None).count(), mails.count()


def _queue_for(update: Update, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            QUEUE,
            {"petition": update.campaign.petition_id, "update": update.pk, "batch": batch, "now": timezone.now()},
        )
        return int(cursor.rowcount)
