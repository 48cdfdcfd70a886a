"""What is demanded, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.campaign import Campaign, plausible
from core.text.translations import Translatable


class Outcome(models.TextChoices):
    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ANSWERED = "answered", _("answered")
    PROMISED = "promised", _("promised")
    PARTLY_MET = "partly", _("partly met")
    MET = "met", _("met")
    REFUSED = "refused", _("refused")


# Outcomes at which a demand has been given an answer of some kind.
ANSWERED = {Outcome.ANSWERED, Outcome.PROMISED, Outcome.PARTLY_MET, Outcome.MET, Outcome.REFUSED}


class Demand(Translatable, models.Model):
    # Answers that moved it and were withdrawn, for pages that tell of them (progress/figures.py fills it).
    withdrawals: Sequence[models.Model] = ()

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="demands")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("demand"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.OPEN)
    since = models.DateField(_("since"), validators=[plausible], default=timezone.localdate)
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("Markdown: how one can see that the outcome is so.")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="demand_outcome_is_known")]

    def __str__(self) -> str:
        return self.title

    @property
    def written_in(self) -> str:
        return self.campaign.language

    @property
    def is_answered(self) -> bool:
        return self.outcome in ANSWERED

    @property
    def answer_kind(self) -> str:
        """Its colour on the pages: "refused", "answered", or "" while there is no answer."""
        if self.outcome == Outcome.REFUSED:
            return "refused"
        return "answered" if self.is_answered else ""
