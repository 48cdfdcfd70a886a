"""Which mails an address asked for, got, and wants no more of."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import QueuedMail, QueuedMailQuerySet, due_index
from core.privacy.mailboxes import went_astray
from petitions.models.petition import Petition

OWN_PAGE_LIVES = timedelta(hours=24)


class Suppression(models.Model):
    """An address that wants no mail of ours. Only its hash is known, under the key of its version."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Suppression {self.pk}"


class Mailing(models.Model):
    """A mail with a button was begun for this address. Outlives the row that it was for, a signature or a pledge, so that caps and
    "this wasn't me" hold when that is gone; forgotten after 30 days (petitions/caps.py)."""

    row = models.UUIDField(unique=True)
    petition = models.ForeignKey(Petition, models.CASCADE, null=True, related_name="+", db_index=False)
    address_hash = models.BinaryField(max_length=32)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["address_hash", "begun_at"], name="mailing_by_address"),
            # For what is forgotten.
            models.Index(fields=["begun_at"], name="mailing_by_time"),
        ]

    def __str__(self) -> str:
        return f"Mailing {self.pk}"


class LinkRequestQuerySet(QueuedMailQuerySet["LinkRequest"]):
    pass


class LinkRequest(QueuedMail):
    """Somebody asked for the link to their own page. Every request is one row, whether the address ever signed or not."""

    held_by = ""
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = EncryptedTextField()
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)
    asked_at = models.DateTimeField(default=timezone.now)
    address_hash = models.BinaryField(max_length=32, null=True)
    hash_rule = models.SmallIntegerField(db_default=1)

    objects = LinkRequestQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = [
            due_index("linkrequest_mail_due"),
            models.Index(fields=["address_hash"], name="linkrequest_by_address"),
        ]

    def __str__(self) -> str:
        return f"Link request {self.pk}"

    @property
    def expired(self) -> bool:
        # Whoever opens it before the end of its mail is noted, or after a worker died in between, has it from that mail.
        mailed_at = self.mailed_at or (self.asked_at if self.mail_attempts else None)
        return mailed_at is None or mailed_at < timezone.now() - OWN_PAGE_LIVES or went_astray(self)
