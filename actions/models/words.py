"""Who is addressed, and with which words."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions import length
from core.text.translations import Worded, Wording, language_field

handle = RegexValidator(r"^[A-Za-z0-9_]{1,15}$", _("A handle has 1 to 15 letters, digits or underscores, without @."))
hashtag = RegexValidator(r"^\w*[^\W\d]\w*$", _("A hashtag has letters, digits or underscores, without #."))


class Cursor(models.Model):
    """How far a stream of posts was read: everything up to `committed_id`, but for its holes."""

    committed_id = models.BigIntegerField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    # Why X does not take this question: it is not asked again until it is another one.
    refused = models.CharField(_("refused by X"), max_length=300, default="", blank=True, editable=False)

    class Meta:
        abstract = True


class Target(Worded, Cursor):
    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("institution")
        OFFICE_HOLDER = "office", _("office-holder")
        SENIOR_OFFICIAL = "senior", _("senior official")

    name = models.CharField(
        _("name"), max_length=120, help_text=_("An institution or an office-holder; never a private person.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INSTITUTION)
    x_handle = models.CharField(_("handle on X"), max_length=15, validators=[handle], help_text=_("Without @."))
    x_user_id = models.BigIntegerField(null=True, editable=False)
    # The handle that x_user_id belongs to: a corrected handle is another account, read from its beginning.
    resolved_handle = models.CharField(max_length=15, default="", editable=False)
    reason = models.TextField(_("why it can decide"), help_text=_("Shown to everyone: what power this office has."))
    language = language_field(default=settings.LANGUAGE_CODE)
    is_fictional = models.BooleanField(_("fictional"), default=False, help_text=_("For examples: the pages say so."))

    history = HistoricalRecords(excluded_fields=["committed_id", "read_at", "refused", "x_user_id", "resolved_handle"])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="target_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["institution", "office", "senior"]), name="target_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (@{self.x_handle})"

    @property
    def written_in(self) -> str:
        return self.language


class TargetWording(Wording):
    of = models.ForeignKey(Target, models.CASCADE, related_name="wordings")
    name = models.CharField(_("name"), max_length=120, blank=True)
    reason = models.TextField(_("why it can decide"), blank=True)


class TweetAction(Worded, models.Model):
    target = models.ForeignKey(Target, models.PROTECT, related_name="actions", null=True, blank=True)
    more_targets = models.ManyToManyField(
        Target,
        verbose_name=_("more targets"),
        related_name="also_in",
        blank=True,
        help_text=_("Addressed in turn: a sample with {target} gets the handle of whoever is next."),
    )
    hashtag = models.CharField(_("hashtag"), max_length=80, validators=[hashtag], help_text=_("Without #."))
    hashtag_from = models.DateTimeField(
        _("hashtag from"),
        null=True,
        blank=True,
        help_text=_("Kept back until then: no page and no sample shows it before. Empty: at once."),
    )
    advice = models.TextField(
        _("advice"),
        blank=True,
        help_text=_("Shown before the share links: who should think twice, and how to stay civil."),
    )
    budget = models.DecimalField(
        _("budget for X"),
        max_digits=7,
        decimal_places=2,
        default=Decimal(21),
        validators=[MinValueValidator(0)],
        help_text=_(
            "US dollars in a calendar month. The default plan stays within 21; with less, samples are given up first."
        ),
    )
    is_tracking = models.BooleanField(_("collect from X"), default=False, editable=False)
    # While a day of action lasts X is asked more often: campaigns/days.py keeps this.
    busy_until = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=["busy_until"], m2m_fields=[more_targets])

    def __str__(self) -> str:
        return f"#{self.hashtag}"

    @property
    def written_in(self) -> str:
        campaign = getattr(self, "campaign", None)
        return campaign.language if campaign else settings.LANGUAGE_CODE

    @property
    def targets(self) -> list[Target]:
        """All who are addressed, the first one first."""
        return [*([self.target] if self.target else []), *self.more_targets.order_by("pk").prefetch_related("wordings")]

    @property
    def hides_hashtag(self) -> bool:
        return self.hashtag_from is not None and timezone.now() < self.hashtag_from

    @property
    def query(self) -> str:
        """What X is asked for now; "" before anything was set."""
        newest = self.queries.order_by("-version").first()
        return newest.query if newest else ""


class TweetActionWording(Wording):
    of = models.ForeignKey(TweetAction, models.CASCADE, related_name="wordings")
    advice = models.TextField(_("advice"), blank=True)


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
        help_text=_("The whole post, with handle (or {target}) and hashtag: at most 280 as X counts."),
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    is_offered = models.BooleanField(_("offered"), default=True)
    # Put together from parts: goes when its parts do, but for those that staff have vetoed.
    is_combined = models.BooleanField(_("put together"), default=False, editable=False)
    is_vetoed = models.BooleanField(_("vetoed"), default=False)

    history = HistoricalRecords()
    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "text"], name="one_sample_per_text")]

    def __str__(self) -> str:
        return self.text
