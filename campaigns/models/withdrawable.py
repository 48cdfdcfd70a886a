"""What was public is not deleted: it is withdrawn, with a reason that everybody reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="Withdrawable", covariant=True)


class WithdrawableQuerySet(models.QuerySet[Row]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def withdrawn(self) -> Self:
        return self.exclude(withdrawn_at=None)


class Withdrawable(models.Model):
    """Once withdrawn it stays so: what stood there is in the history (campaigns/withdrawing.py, and a guard in the database)."""

    campaign: Any
    withdrawn_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        _("withdrawn"), null=True, editable=False
    )
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def appeared(self) -> bool:
        """Whether it has its place on public pages once its campaign is public."""
        return True

    @property
    def was_public(self) -> bool:
        """Whether anybody outside may have read it."""
        return self.appeared and self.campaign.was_public


def reason_and_time(name: str) -> models.CheckConstraint:
    """Withdrawn with a reason, or not at all."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at__isnull=True, withdrawn_because="")
        | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
        name=name,
    )


def now_or_before(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()
