"""What is demanded, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.campaign import Campaign, plausible
from core.text.translations import Translatable


class Reached(StrEnum):
    """How much of a demand is reached. The colour of the demand and the result of its campaign are read from it."""

    UNANSWERED = "unanswered"
    NOTHING = "nothing"
    SOMETHING = "something"
    EVERYTHING = "everything"


class Outcome(models.TextChoices):
    """What came of a demand, each in one line: as it is stored, how much of the demand it reaches, as it is read."""

    OPEN = "open", Reached.UNANSWERED, _("open")
    ACKNOWLEDGED = "acknowledged", Reached.UNANSWERED, _("acknowledged")
    ANSWERED = "answered", Reached.SOMETHING, _("answered")
    PROMISED = "promised", Reached.SOMETHING, _("promised")
    PARTLY_MET = "partly", Reached.SOMETHING, _("partly met")
    MET = "met", Reached.EVERYTHING, _("met")
    REFUSED = "refused", Reached.NOTHING, _("refused")

    reached: Reached

    def __new__(cls, value: str, reached: Reached = Reached.UNANSWERED) -> Self:
        outcome = str.__new__(cls, value)
        outcome._value_, outcome.reached = value, reached
        return outcome


class Demand(Translatable, models.Model):
    # Answers that moved it and were withdrawn, for pages that tell of them (progress/figures.py fills it).
    withdrawals: Sequence[models.Model] = ()

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="demands")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("demand"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.OPEN)
    since = models.DateField(_("since"), validators=[plausible], default=timezone.localdate)
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("Markdown: how people can see that this is the outcome.")
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
    def reached(self) -> Reached:
        return Outcome(self.outcome).reached

    @property
    def is_answered(self) -> bool:
        return self.reached != Reached.UNANSWERED

    @property
    def answer_kind(self) -> str:
        """Its colour on the pages: "refused", "answered", or "" while there is no answer."""
        if self.reached == Reached.NOTHING:
            return "refused"
        return "answered" if self.is_answered else ""
