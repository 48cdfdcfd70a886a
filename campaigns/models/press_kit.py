"""What journalists get."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.campaign import Campaign, plausible
from core.text.translations import Translatable


class PressKit(Translatable, models.Model):
    """What journalists get. Before the embargo is over only those see it who were given its secret URL."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="press_kit")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    embargo_until = models.DateTimeField(_("embargo until"), validators=[plausible], null=True, blank=True)
    text = models.TextField(_("press release"), help_text=_("Markdown."))
    facts = models.TextField(_("facts"), blank=True, help_text=_("Markdown: figures with their sources."))
    contact = models.TextField(_("contact"), help_text=_("Markdown: who answers the press, and when."))

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Press kit of {self.campaign}"

    @property
    def written_in(self) -> str:
        return self.campaign.language

    @property
    def released_at(self) -> datetime | None:
        """When the embargo ends or ended; without one, when the campaign began."""
        return self.embargo_until or self.campaign.launched_at

    @property
    def is_embargoed(self) -> bool:
        return self.embargo_until is not None and timezone.now() < self.embargo_until


class PressImage(Translatable, models.Model):
    """A picture for the press, made anew from what was uploaded: nothing but the picture is left (core/drawing/pictures.py)."""

    kit = models.ForeignKey(PressKit, models.CASCADE, related_name="images")
    content = models.BinaryField()
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(_("what can be seen"), max_length=300)
    credit = models.CharField(_("picture credit"), max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="press_image_has_a_description")]

    def __str__(self) -> str:
        return self.alt

    @property
    def written_in(self) -> str:
        return self.kit.written_in
