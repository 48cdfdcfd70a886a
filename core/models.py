"""What every app needs and no app owns."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField


class KeyProof(models.Model):
    """A known text under the keys of the day it was written: start-up reads it, so that wrong keys are seen at once."""

    cipher = EncryptedTextField()
    hash_version = models.SmallIntegerField(unique=True)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"Proof of version {self.hash_version}"


class SigningKey(models.Model):
    """A pair of Ed25519 keys that published figures are signed with; the newest signs, all of them verify
    (core/crypto/ed25519.py)."""

    public = models.BinaryField(max_length=32, unique=True)
    secret = EncryptedTextField()
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Signing key {self.pk}"


class SpentChallenge(models.Model):
    """A challenge that was passed (core/web/challenge.py): it counts once, in every process, also after Valkey was wiped."""

    id = models.CharField(primary_key=True, max_length=22)
    spent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Spent challenge {self.pk}"


Row = TypeVar("Row", bound="QueuedMail", covariant=True)


class QueuedMailQuerySet(models.QuerySet[Row]):
    def due(self) -> Self:
        """Ready to be sent or tried again; without those whose outcome is uncertain."""
        return self.filter(mail_due_at__lte=timezone.now(), mail_attempts__lt=QueuedMail.ATTEMPTS)

    def uncertain(self) -> Self:
        """Begun twice and never finished: they may or may not have gone out, so staff decide."""
        return self.filter(mail_due_at__lte=timezone.now(), mail_attempts__gte=QueuedMail.ATTEMPTS)


class QueuedMail(models.Model):
    """A row that asks for one mail: the row is the outbox (core/mail/outbox.py sends it)."""

    ATTEMPTS = 2
    # Whose switch for mails holds it back: the foreign keys to a campaign, or to what a campaign owns; "" for the site's alone, None
    # for nobody's, as with mails to staff.
    held_by: ClassVar[str | None] = None
    # Longer than one mail can take with every wait that SMTP allows it.
    LEASE = timedelta(minutes=10)

    mail_due_at = models.DateTimeField(_("mail due"), null=True, editable=False)
    mail_attempts = models.SmallIntegerField(_("unfinished attempts"), default=0, editable=False)
    mailed_at = models.DateTimeField(_("mail sent"), null=True, editable=False)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        abstract = True


class StaffMail(QueuedMail):
    """A mail to somebody on the staff (a password reset, say): it waits here for the worker like every other mail."""

    to = EncryptedTextField()
    subject = models.CharField(max_length=250)
    text = EncryptedTextField()
    html = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return f"Staff mail {self.pk}"


class Observation(models.Model):
    """Something that is so since `at` (core/observations.py)."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


def due_index(name: str) -> models.Index:
    """Small however many mails were ever sent: only rows that still wait are in it."""
    return models.Index(fields=["mail_due_at"], name=name, condition=Q(mail_due_at__isnull=False))


class Closed(models.Model):
    """While there is a row the site is closed: it was restored, and nobody has opened it yet (core/closing.py)."""

    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Closed since {self.since:%Y-%m-%d %H:%M}"
