"""What was signed on paper: counted in batches of sheets. Nobody who signed there is typed in."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition

# More than this in one batch is a slip of the finger, or more than one person can have counted.
MOST = 10_000


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    def allowed(self) -> Self:
        """Of petitions whose safety level has paper: at all others nothing of it is shown, whatever was entered before."""
        return self.filter(petition__in=Petition.objects.with_paper())

    def waiting(self) -> Self:
        """For somebody else to check them."""
        return self.allowed().filter(checked_at=None, withdrawn_at=None)

    def checked(self) -> Self:
        """Those that were counted in public, and still are unless they were withdrawn since."""
        return self.exclude(checked_at=None)


class PaperBatch(models.Model):
    """So many signatures on paper, as one person on the staff has counted them and another one again. Until then it can be corrected;
    afterwards it stays as it is, or is withdrawn with a reason (petitions/paper/, and a guard in the database)."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="paper_batches", verbose_name=_("petition"))
    count = models.PositiveIntegerField(
        _("signatures"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("Only lines that can be read, with a name and a signature."),
    )
    place = models.CharField(
        _("where they were collected"), max_length=120, help_text=_("A place, never a person. Only staff read it.")
    )
    collected_on = models.DateField(_("collected on"), help_text=_("The day, or the last of several."))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("checked by"),
        db_index=False,
    )
    checked_at = models.DateTimeField(_("checked"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("withdrawn by"),
        db_index=False,
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True)

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("batch of paper"), _("batches of paper")
        default_permissions = ("view", "add", "change")
        permissions = [("check_paperbatch", _("Can check batches of paper, and withdraw them"))]
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=10_000), name="paper_batch_has_a_likely_count"),
            models.CheckConstraint(condition=~Q(place=""), name="paper_batch_has_a_place"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False) & ~Q(checked_by=F("entered_by")),
                name="paper_batch_needs_another_person",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
                name="withdrawn_paper_batch_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Paper {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.checked_at is None and self.withdrawn_at is None

    @property
    def told(self) -> str:
        """Its state in words."""
        if self.withdrawn_at:
            return str(_("withdrawn"))
        return str(_("checked: counts in public") if self.checked_at else _("waiting for somebody else to check it"))


class PaperScan(models.Model):
    """The picture of one sheet, drawn anew and sealed for the data officer, whose key alone opens it (petitions/paper/scanning.py).

    In no backup (petitions/recovering.py)."""

    # A record of who has opened it names it for longer than it is there.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(PaperBatch, models.CASCADE, related_name="scans")
    # An age file.
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ("add", "delete")
        permissions = [("open_paperscan", _("Can open pictures of sheets that were signed on paper"))]
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"Sheet {self.name}"

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.pk)[:8]
