"""An update to everyone who took part and asked to hear: staff begin it once, rows are addressed in batches, and the outbox sends
them at its own pace. Interrupted anywhere it goes on; begun twice it is sent once."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Update, UpdateMail

BATCH = 5_000

# The newest signature of each mailbox speaks for it. Whoever was addressed before is passed over by the constraint.
ADDRESS = """
WITH asked AS (
    SELECT DISTINCT ON (signature.address_hash) signature.address_hash, signature.id
    FROM petitions_signature AS signature
    WHERE signature.petition_id = %(petition)s AND signature.updates_at IS NOT NULL AND signature.withdrawn_at IS NULL
      AND signature.confirmed_at IS NOT NULL AND signature.erased_at IS NULL AND signature.review <> 'removed'
      AND NOT EXISTS (
          SELECT 1 FROM campaigns_updatemail AS mail WHERE mail.update_id = %(update)s AND mail.address_hash = signature.address_hash
      )
    ORDER BY signature.address_hash, signature.confirmed_at DESC
    LIMIT %(batch)s
)
INSERT INTO campaigns_updatemail (update_id, address_hash, signature_id, mail_due_at, mail_attempts, mailed_at)
SELECT %(update)s, address_hash, id, %(now)s, 0, NULL FROM asked
ON CONFLICT DO NOTHING
"""


class NotNow(Exception):
    """An update can be mailed once it is published, and once only."""


def begin(update: Update) -> None:
    """Raises NotNow."""
    with transaction.atomic():
        row = Update.objects.select_for_update().get(pk=update.pk)
        if row.mailing_at or row not in Update.objects.published():
            raise NotNow
        row.mailing_at = update.mailing_at = timezone.now()
        row.save(update_fields=["mailing_at"])


def audience(update: Update) -> int:
    """How many mailboxes have asked for news of this campaign and stand."""
    petition = update.campaign.petition
    if petition is None:
        return 0
    asked = petition.signatures.standing().kept().exclude(updates_at=None).exclude(review="removed")
    return asked.values("address_hash").distinct().count()


def address(batch: int = BATCH) -> int:
    """Rows for updates that staff have begun to mail; how many were made. 0: everybody is addressed."""
    made = 0
    for update in Update.objects.filter(mailing_at__isnull=False, addressed_at=None).select_related("campaign"):
        while number := _address(update, batch):
            made += number
        Update.objects.filter(pk=update.pk).update(addressed_at=timezone.now())
    return made


def state(update: Update) -> tuple[int, int]:
    """(sent or settled, addressed so far)."""
    mails = UpdateMail.objects.filter(update=update)
    return mails.filter(mail_due_at=None).count(), mails.count()


def _address(update: Update, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            ADDRESS,
            {"petition": update.campaign.petition_id, "update": update.pk, "batch": batch, "now": timezone.now()},
        )
        return int(cursor.rowcount)
