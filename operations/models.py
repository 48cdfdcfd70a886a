from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.ids import uuid7
from operations.known_conditions import named


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> Self:
        return self.filter(over_at=None)


class Incident(models.Model):
    """A condition that hinders the running site (operations/incidents.py), from its beginning to its end."""

    name = models.CharField(max_length=40, editable=False)
    machine = models.CharField(max_length=255, blank=True, editable=False)
    began_at = models.DateTimeField(_("since"), editable=False)
    held_at = models.DateTimeField(default=timezone.now, editable=False)
    told_at = models.DateTimeField(_("administrators told"), null=True, editable=False)
    over_at = models.DateTimeField(_("over"), null=True, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "machine"], condition=Q(over_at=None), name="one_open_incident_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.machine})" if self.machine else self.title

    @property
    def title(self) -> str:
        known = named(self.name)
        return str(known.title) if known else self.name

    @property
    def advice(self) -> str:
        known = named(self.name)
        return str(known.advice) if known else ""


class AlertPost(models.Model):
    """Something to tell the webhook for alerts (operations/alert_webhook.py): gone when it was taken, or failed for an hour."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="posts")
    is_over = models.BooleanField()
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"Alert {self.pk}"


class JournalEntry(models.Model):
    """What somebody took back: which row, and how; of "this wasn't me" the hash instead, since its row may be younger than any backup
    (operations/recovery/journal.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=16)
    model = models.CharField(max_length=64, blank=True)
    row = models.CharField(max_length=40, blank=True)
    address_hash = models.BinaryField(max_length=32, null=True)
    hash_version = models.SmallIntegerField(null=True)
    hash_rule = models.SmallIntegerField(null=True)
    # When it was in the file; a row of which the file knows is kept as long as a backup could have been begun before that.
    written_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="journal_to_write", condition=Q(written_at=None))]
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return f"{self.verb}, {self.at:%Y-%m-%d %H:%M}"


class Machine(models.Model):
    """A machine on which processes of ours run, and fingerprints of the keys that they were given (operations/machines.py)."""

    name = models.CharField(primary_key=True, max_length=255)
    keys = models.JSONField(default=dict)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
