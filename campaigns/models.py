"""The campaign: one goal, two strands towards it, and all that happens on the way."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions import length
from actions.models import Target, TweetAction
from core.safety import POLICIES, Policy, SafetyLevel
from petitions.models import Petition


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    INTEREST = "interest", _("interest")
    LIVE = "live", _("live")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


class Accent(models.TextChoices):
    RED = "red", _("red")
    ORANGE = "orange", _("orange")
    AMBER = "amber", _("amber")
    OLIVE = "olive", _("olive")
    GREEN = "green", _("green")
    TEAL = "teal", _("teal")
    BLUE = "blue", _("blue")
    INDIGO = "indigo", _("indigo")
    VIOLET = "violet", _("violet")
    PLUM = "plum", _("plum")
    PINK = "pink", _("pink")
    SLATE = "slate", _("slate")


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Not an IANA time zone. An example: Europe/Berlin"))


def plausible(moment: date) -> None:
    """A slip of the pen in a year would break every page that shows it in another zone."""
    if not 1900 <= moment.year <= 2200:
        raise ValidationError(_("Please check the year."))


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def public(self) -> Self:
        return self.exclude(status=Status.DRAFT)

    def whole(self) -> Self:
        """With all that every page of a campaign shows."""
        return self.select_related("petition", "tweet_action__target")


class Campaign(models.Model):
    slug = models.SlugField(
        _("slug"), unique=True, help_text=_("In every address, for good: posts can't be edited after launch.")
    )
    headline = models.CharField(
        _("headline"),
        max_length=500,
        validators=[length.validate],
        help_text=_("A post in itself, with the target's handle: at most 280 as X counts."),
    )
    goal_statement = models.CharField(
        _("goal"), max_length=300, help_text=_("What will be different when this is won.")
    )
    signature_goal = models.PositiveIntegerField(_("signature goal"), default=10_000, validators=[MinValueValidator(1)])
    tweet_goal = models.PositiveIntegerField(_("tweet goal"), default=1_000, validators=[MinValueValidator(1)])
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[known_zone])
    story = models.TextField(_("story"), blank=True, help_text=_("Markdown."))
    notice = models.TextField(
        _("notice"),
        blank=True,
        help_text=_("Shown on every page of this campaign, in Markdown: what is invented, say."),
    )
    organiser = models.CharField(_("who runs this"), max_length=120)
    safety = models.CharField(
        _("safety level"),
        max_length=12,
        choices=SafetyLevel,
        default=SafetyLevel.STANDARD,
        help_text=_(
            "Switches names, comments, countries, steps of the totals, retention, mail wording and advice together."
        ),
    )
    accent = models.CharField(_("accent colour"), max_length=12, choices=Accent, default=Accent.RED)
    petition = models.OneToOneField(Petition, models.PROTECT, null=True, blank=True, editable=False)
    tweet_action = models.OneToOneField(TweetAction, models.PROTECT, null=True, blank=True, editable=False)
    launched_at = models.DateTimeField(_("launched"), null=True, editable=False)

    history = HistoricalRecords()
    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-launched_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(signature_goal__gt=0, tweet_goal__gt=0), name="goals_are_positive"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="campaign_status_is_known"),
            models.CheckConstraint(condition=Q(safety__in=SafetyLevel.values), name="campaign_safety_is_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("campaign", args=[self.slug])

    def after_signing_url(self) -> str:
        """Where a signer goes on: to the tweet step while there is one."""
        return reverse("act" if self.is_acting else "progress", args=[self.slug]) + "?confirmed=1"

    @property
    def policy(self) -> Policy:
        return POLICIES[SafetyLevel(self.safety)]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_live(self) -> bool:
        return self.status == Status.LIVE

    @property
    def is_acting(self) -> bool:
        """Whether composers are open."""
        return self.is_live and self.tweet_action is not None

    @property
    def is_signing(self) -> bool:
        return self.is_live and self.petition is not None and self.petition.is_open

    @property
    def target(self) -> Target | None:
        return self.tweet_action.target if self.tweet_action else None

    def clean(self) -> None:
        if self.launched_at and self.status in (Status.DRAFT, Status.INTEREST):
            raise ValidationError({"status": _("It has been launched: posts lead to its page. Close it instead.")})
        levels = list(SafetyLevel.values)
        stored = Campaign.objects.filter(pk=self.pk, launched_at__isnull=False).values_list("safety", flat=True).first()
        if stored and levels.index(self.safety) < levels.index(stored):
            raise ValidationError({"safety": _("People have signed under the higher level: it can only be raised.")})
        forgotten = (
            self.petition and self.petition.signatures.filter(erased_at__isnull=False, withdrawn_at=None).exists()
        )
        if self.status == Status.LIVE and forgotten:
            raise ValidationError(
                {"status": _("Who signed has been forgotten, so nobody could be kept from signing twice.")}
            )


class Outcome(models.TextChoices):
    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ANSWERED = "answered", _("answered")
    PROMISED = "promised", _("promised")
    PARTLY_MET = "partly", _("partly met")
    MET = "met", _("met")
    REFUSED = "refused", _("refused")


class Demand(models.Model):
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


class Response(models.Model):
    """What a target said, in its own words."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="responses")
    target = models.ForeignKey(Target, models.PROTECT, verbose_name=_("target"), null=True, blank=True)
    speaker = models.CharField(_("who said it"), max_length=120)
    said_at = models.DateTimeField(_("when"), validators=[plausible], default=timezone.now)
    where = models.CharField(_("where"), max_length=200)
    link = models.URLField(_("link"), blank=True)
    words = models.TextField(_("exact words"), help_text=_("Word for word; if only a report exists, say so."))
    demand = models.ForeignKey(
        Demand, models.PROTECT, verbose_name=_("moves the demand"), null=True, blank=True, related_name="responses"
    )
    outcome = models.CharField(_("to"), max_length=12, choices=Outcome, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(demand__isnull=True, outcome="") | (Q(demand__isnull=False) & ~Q(outcome="")),
                name="response_moves_demand_to_outcome",
                violation_error_message=_("Say both which demand this moves and to what, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.said_at:%Y-%m-%d}"

    def clean(self) -> None:
        if self.demand_id and self.campaign_id and self.demand and self.demand.campaign_id != self.campaign_id:
            raise ValidationError({"demand": _("This demand belongs to another campaign.")})


class KeyMoment(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="moments")
    title = models.CharField(_("what"), max_length=200)
    starts_at = models.DateTimeField(
        _("when"), validators=[plausible], help_text=_("A day of action: the start of its window.")
    )
    ends_at = models.DateTimeField(_("until"), validators=[plausible], null=True, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_day_of_action = models.BooleanField(_("day of action"), default=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="moment_ends_after_its_start",
                violation_error_message=_("A moment ends after it starts."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_past(self) -> bool:
        return (self.ends_at or self.starts_at) < timezone.now()


class UpdateQuerySet(models.QuerySet["Update"]):
    def published(self) -> Self:
        return self.filter(published_at__lte=timezone.now())


class Update(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="updates")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), help_text=_("Markdown."))
    published_at = models.DateTimeField(
        _("published"),
        validators=[plausible],
        null=True,
        blank=True,
        help_text=_("Empty: a draft. In the future: not before."),
    )

    history = HistoricalRecords()
    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.title


class Recap(models.Model):
    """The story afterwards."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="recap")
    text = models.TextField(_("text"), help_text=_("Markdown."))
    published_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        _("published"), validators=[plausible], null=True, blank=True
    )

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Recap of {self.campaign}"
