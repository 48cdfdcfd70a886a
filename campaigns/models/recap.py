"""The recap: the story of a campaign, told when it is over."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models import Tweet
from campaigns.models.campaign import Campaign, plausible
from campaigns.models.responses import Response
from campaigns.models.withdrawable import now_or_before
from core.text.translations import Translatable


class Recap(Translatable, models.Model):
    """The story afterwards."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="recap")
    text = models.TextField(_("text"), help_text=_("Markdown."))
    published_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        _("published"), validators=[plausible], null=True, blank=True
    )

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Recap of {self.campaign}"

    @property
    def written_in(self) -> str:
        return self.campaign.language

    @property
    def was_public(self) -> bool:
        return now_or_before(self.published_at) and self.campaign.was_public


class RecapEntry(Translatable, models.Model):
    """A piece of the recap after its text: more text, a chosen post, or a response, in an order that staff set."""

    recap = models.ForeignKey(Recap, models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    tweet = models.ForeignKey(
        Tweet, models.SET_NULL, verbose_name=_("post"), null=True, blank=True, limit_choices_to={"review": "approved"}
    )
    response = models.ForeignKey(Response, models.SET_NULL, verbose_name=_("response"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "recap entries"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tweet__isnull=True) | Q(response__isnull=True),
                name="recap_entry_is_one_thing",
                violation_error_message=_("A part shows a post or a response, not both."),
            )
        ]

    def __str__(self) -> str:
        return f"Entry {self.position} of {self.recap_id}"

    @property
    def written_in(self) -> str:
        return self.recap.written_in
