"""Moments and news: what happens on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models import SampleTweet
from campaigns.models.campaign import Campaign, plausible
from campaigns.models.withdrawable import Withdrawable, WithdrawableQuerySet, now_or_before, reason_and_time
from core.text.translations import Translatable


class MomentQuerySet(WithdrawableQuerySet["KeyMoment"]):
    def days_of_action(self) -> Self:
        """Those that take place."""
        return self.standing().filter(is_day_of_action=True)

    def over(self, now: datetime) -> Self:
        return self.filter(Q(ends_at__lte=now) | Q(ends_at=None, starts_at__lte=now - timedelta(days=1)))

    def coming(self, now: datetime) -> Self:
        """Not begun yet."""
        return self.standing().filter(starts_at__gt=now)

    def current(self, now: datetime) -> Self:
        return self.standing().filter(starts_at__lte=now).exclude(pk__in=self.over(now))

    def for_pages(self) -> Self:
        """With what a page shows of them."""
        joined = self.select_related("campaign", "picture").defer("picture__content")
        return joined.prefetch_related("translations", "picture__translations")


class KeyMoment(Withdrawable, Translatable, models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="moments")
    title = models.CharField(_("what"), max_length=200)
    starts_at = models.DateTimeField(
        _("when"), validators=[plausible], help_text=_("For a day of action: the start of its window.")
    )
    ends_at = models.DateTimeField(_("until"), validators=[plausible], null=True, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_day_of_action = models.BooleanField(_("day of action"), default=False)
    samples = models.ManyToManyField(
        SampleTweet,
        verbose_name=_("samples of this moment"),
        related_name="moments",
        blank=True,
        help_text=_("Offered only while it lasts (without an end, for a day)."),
    )
    # Where it stood before it was moved, and what everybody is told about that (campaigns/moments.py).
    moved_from = models.DateTimeField(_("moved from"), null=True, editable=False)
    moved_because = models.CharField(_("moved because"), max_length=200, blank=True, editable=False)

    history = HistoricalRecords()
    objects = MomentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="moment_ends_after_its_start",
                violation_error_message=_("A moment must end after it starts."),
            ),
            reason_and_time("moment_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def written_in(self) -> str:
        return self.campaign.language

    @property
    def shown_picture(self) -> Any:
        """Its MomentPicture, None without one, where faces may be shown, and as long as the moment stands."""
        shows = self.withdrawn_at is None and self.campaign.policy.shows_faces
        return getattr(self, "picture", None) if shows else None

    @property
    def is_past(self) -> bool:
        return (self.ends_at or self.starts_at) < timezone.now()

    @property
    def is_coming(self) -> bool:
        """Whether it lies ahead or lasts, and stands."""
        return not self.is_past and self.withdrawn_at is None

    @property
    def lasts_until(self) -> datetime:
        """Without an end it is the moment of one day."""
        return self.ends_at or self.starts_at + timedelta(days=1)


class UpdateQuerySet(WithdrawableQuerySet["Update"]):
    def published(self) -> Self:
        """Those that the page shows, withdrawn ones too: it says that they were."""
        return self.filter(published_at__lte=timezone.now())


class Update(Withdrawable, Translatable, models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="updates")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), help_text=_("Markdown."))
    published_at = models.DateTimeField(
        _("published"),
        validators=[plausible],
        null=True,
        blank=True,
        help_text=_("Leave empty for a draft. With a time in the future, it appears then."),
    )
    moment = models.ForeignKey(
        KeyMoment,
        models.SET_NULL,
        verbose_name=_("tied to"),
        related_name="updates",
        null=True,
        blank=True,
        help_text=_("Moves with it until it is published."),
    )
    # Staff have asked for it to be mailed; and every mail of it has its row by now (campaigns/mailing.py).
    mailing_at = models.DateTimeField(_("mailed from"), null=True, editable=False)
    addressed_at = models.DateTimeField(_("all addressed"), null=True, editable=False)
    mailing_stopped_at = models.DateTimeField(_("mailing stopped"), null=True, editable=False)
    # Of those who asked to hear only these; "": all.
    mailed_language = models.CharField(
        _("mailed in"), max_length=10, blank=True, default="", db_default="", editable=False
    )
    mailed_country = models.CharField(
        _("mailed to"), max_length=2, blank=True, default="", db_default="", editable=False
    )

    history = HistoricalRecords(excluded_fields=["addressed_at"])
    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        constraints = [reason_and_time("update_withdrawn_for_a_reason")]

    def __str__(self) -> str:
        return self.title

    @property
    def written_in(self) -> str:
        return self.campaign.language

    @property
    def appeared(self) -> bool:
        return now_or_before(self.published_at)
