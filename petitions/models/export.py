"""Who signed, taken out of the site: for a purpose that they agreed to, sealed, for a while, and on record for good."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from petitions.models.petition import Petition


class ExportQuerySet(models.QuerySet["Export"]):
    def open(self) -> Self:
        return self.filter(state__in=Export.OPEN)

    def over(self) -> Self:
        """Whose time has run out, whether or not the task that says so has run yet."""
        return self.open().filter(expires_at__lte=timezone.now())

    def waiting(self) -> Self:
        """Those on which a second person can still decide."""
        return self.filter(state=Export.State.WAITING, expires_at__gt=timezone.now())

    def ready(self) -> Self:
        """Those that whoever asked can fetch."""
        return self.filter(state=Export.State.READY, expires_at__gt=timezone.now())


def new_secret() -> str:
    return secrets.token_hex(32)


class Export(models.Model):
    """Somebody asked for the people who agreed to one thing (petitions/exports/). The row stays as the record of it; what was
    written goes with its parts."""

    class Purpose(models.TextChoices):
        """What each holds, and of whom: petitions/exports/purposes.py."""

        NEWS = "news", _("mail news of this campaign from another system")
        OTHERS = "others", _("mail other campaigns from another system")
        NAMES = "names", _("hand over the names that may be shown")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel (XLSX)")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        WRITING = "writing", _("is being written")
        READY = "ready", _("ready to fetch")
        FETCHED = "fetched", _("fetched")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("request taken back")
        EXPIRED = "expired", _("expired")

    OPEN = (State.WAITING, State.WRITING, State.READY)
    # How long a second person has, and how long it may be written and fetched from then on.
    WAITS, LIVES = timedelta(days=7), timedelta(days=3)

    # Where it is fetched can't be guessed, though it is behind a login.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="exports", verbose_name=_("petition"), db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by"), db_index=False
    )
    asked_at = models.DateTimeField(_("requested"), default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    # Nobody where one person may, and for what has expired.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("second person"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("why it was declined"), max_length=200, blank=True)
    # Who has confirmed later is not in it; how many there were then, and up to which row it is written.
    began_at = models.DateTimeField(_("begun"), null=True)
    found = models.PositiveIntegerField(_("people"), default=0)
    written_to = models.UUIDField(null=True)
    expires_at = models.DateTimeField(_("expires"))
    # Decides in which order people stand in it, and so tells it from every other one (petitions/exports/order.py).
    secret = EncryptedTextField(default=new_secret, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("export"), _("exports")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="export_has_a_reason"),
            models.CheckConstraint(
                condition=Q(purpose__in=["news", "others", "names"]), name="export_purpose_is_known"
            ),
            models.CheckConstraint(condition=Q(format__in=["csv", "xlsx"]), name="export_format_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "writing", "ready", "fetched", "declined", "withdrawn", "expired"]),
                name="export_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(began_at__isnull=True)
                | Q(purpose="names", decided_by__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="export_of_addresses_needs_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["writing", "ready", "fetched"], began_at__isnull=False)
                | Q(state__in=["waiting", "declined", "withdrawn"], began_at__isnull=True)
                | Q(state="expired"),
                name="export_is_begun_when_it_is_written",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(answer=""),
                name="declined_export_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], name="export_open", condition=Q(state__in=["waiting", "writing", "ready"])
            )
        ]

    def __str__(self) -> str:
        return f"Export {self.name}"

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.pk)[:8]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING and not self.is_over

    @property
    def is_writing(self) -> bool:
        return self.state == self.State.WRITING and not self.is_over

    @property
    def written(self) -> int:
        """How many people its parts hold."""
        return self.parts.aggregate(total=Sum("rows"))["total"] or 0

    @property
    def is_over(self) -> bool:
        return self.state not in self.OPEN or self.expires_at <= timezone.now()

    @property
    def told(self) -> str:
        """The state in words; what has expired is called so before the task has said it."""
        over = self.state in self.OPEN and self.is_over
        return str(self.State.EXPIRED.label) if over else self.get_state_display()


class ExportPart(models.Model):
    """At most 100,000 people of an export, in one sealed file. It is given out once, and kept no longer than the export lives.

    In no backup (petitions/recovering.py)."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveSmallIntegerField()
    # Of which rows: after the first one, up to the last one included.
    after = models.UUIDField(null=True)
    upto = models.UUIDField()
    rows = models.PositiveIntegerField()
    # The ids of whom it holds, folded into one: whoever leaves changes it (petitions/exports/people.py).
    fold = models.BinaryField(max_length=16)
    # An age file; null once it is fetched or forgotten, or while it is written anew since somebody left.
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    written_at = models.DateTimeField(default=timezone.now)
    fetched_at = models.DateTimeField(null=True)
    fetched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
            models.CheckConstraint(
                condition=Q(fetched_at__isnull=True, fetched_by__isnull=True)
                | Q(fetched_at__isnull=False, fetched_by__isnull=False, content__isnull=True),
                name="fetched_export_part_is_spent",
            ),
            models.CheckConstraint(condition=Q(rows__lte=100_000), name="export_part_is_small"),
        ]

    def __str__(self) -> str:
        return f"Export {str(self.export_id)[:8]}, part {self.number}"
