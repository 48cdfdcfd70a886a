"""Sample tweets, and the parts that they are put together from."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions import length
from actions.models.action import TweetAction


class SampleQuerySet(models.QuerySet["SampleTweet"]):
    def offered(self) -> Self:
        return self.filter(is_offered=True, is_vetoed=False)


class SamplePart(models.Model):
    """A piece of a sample. Every opening with every fact, ask and proof of the same language gives one (actions/combining.py)."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("1 opening")
        FACT = "fact", _("2 fact")
        ASK = "ask", _("3 ask")
        PROOF = "proof", _("4 proof")

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="parts")
    kind = models.CharField(_("part"), max_length=8, choices=Kind)
    language = models.CharField(_("language"), max_length=12, default="en")
    text = models.CharField(
        _("text"), max_length=280, help_text=_("{target} stands for the handle. Put the hashtag where it belongs.")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["language", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "language", "kind", "text"], name="one_part_per_text"),
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "fact", "ask", "proof"]), name="part_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SampleTweet(models.Model):
    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="samples")
    text = models.CharField(
        _("text"),
        max_length=500,
        validators=[length.validate_sample],
        help_text=_(
            "The whole post, with handle (or {target}) and hashtag: at most 280 characters as X counts, 256 "
            "with the address."
        ),
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    is_offered = models.BooleanField(_("offered"), default=True)
    has_link = models.BooleanField(
        _("with address"), default=True, db_default=True, help_text=_("The post ends with the campaign's address.")
    )
    # Put together from parts: goes when its parts do, but for those that staff have vetoed.
    is_combined = models.BooleanField(_("made from parts"), default=False, editable=False)
    is_vetoed = models.BooleanField(_("vetoed"), default=False)

    history = HistoricalRecords()
    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "text"], name="one_sample_per_text")]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """A text that is too long by itself is refused at its field already."""
        if self.has_link and length.weighted_length(self.text) <= length.LIMIT:
            try:
                length.validate_sample_with_link(self.text)
            except ValidationError as error:
                raise ValidationError({"text": error}) from error
