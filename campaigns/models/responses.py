"""What a target said."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models import Target
from campaigns.models.campaign import Campaign, plausible
from campaigns.models.demands import Demand, Outcome
from campaigns.models.withdrawable import Withdrawable, WithdrawableQuerySet, reason_and_time
from core.text.translations import Translatable


class ResponseQuerySet(WithdrawableQuerySet["Response"]):
    def for_pages(self) -> Self:
        """With all that a page says of each: its campaign, the demand that it moves, and their translations."""
        joined = self.select_related("campaign", "demand__campaign")
        return joined.prefetch_related("translations", "demand__translations")


class Response(Withdrawable, Translatable, models.Model):
    """What a target said, in its own words."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="responses")
    target = models.ForeignKey(Target, models.PROTECT, verbose_name=_("target"), null=True, blank=True)
    speaker = models.CharField(_("who said it"), max_length=120)
    said_at = models.DateTimeField(_("when"), validators=[plausible], default=timezone.now)
    where = models.CharField(_("where"), max_length=200)
    link = models.URLField(_("link"), blank=True)
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("Markdown: where else people can see it if the link dies.")
    )
    words = models.TextField(_("exact words"), help_text=_("Word for word. If there is only a report of it, say so."))
    demand = models.ForeignKey(
        Demand, models.PROTECT, verbose_name=_("moves the demand"), null=True, blank=True, related_name="responses"
    )
    outcome = models.CharField(_("to which outcome"), max_length=12, choices=Outcome, blank=True)

    history = HistoricalRecords()
    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(demand__isnull=True, outcome="") | (Q(demand__isnull=False) & ~Q(outcome="")),
                name="response_moves_demand_to_outcome",
                violation_error_message=_(
                    "Say both which demand this moves and to which outcome, or leave both empty."
                ),
            ),
            reason_and_time("response_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.said_at:%Y-%m-%d}"

    @property
    def written_in(self) -> str:
        return self.campaign.language

    def clean(self) -> None:
        if self.demand_id and self.campaign_id and self.demand and self.demand.campaign_id != self.campaign_id:
            raise ValidationError({"demand": _("This demand belongs to another campaign.")})
