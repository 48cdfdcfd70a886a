"""What happens on the way, and what is told of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models import SampleTweet, Target, Tweet
from campaigns.models.campaign import Campaign, Demand, Outcome, plausible
from campaigns.models.withdrawn import Withdrawable, WithdrawableQuerySet, now_or_before, reason_and_time
from core.text.translations import Worded


class ResponseQuerySet(WithdrawableQuerySet["Response"]):
    pass


class Response(Withdrawable, Worded, models.Model):
    """What a target said, in its own words."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="responses")
    target = models.ForeignKey(Target, models.PROTECT, verbose_name=_("target"), null=True, blank=True)
    speaker = models.CharField(_("who said it"), max_length=120)
    said_at = models.DateTimeField(_("when"), validators=[plausible], default=timezone.now)
    where = models.CharField(_("where"), max_length=200)
    link = models.URLField(_("link"), blank=True)
    evidence = models.TextField(
        _("evidence"), blank=True, help_text=_("Markdown: where else it can be seen, should the link die.")
    )
    words = models.TextField(_("exact words"), help_text=_("Word for word; if only a report exists, say so."))
    demand = models.ForeignKey(
        Demand, models.PROTECT, verbose_name=_("moves the demand"), null=True, blank=True, related_name="responses"
    )
    outcome = models.CharField(_("to"), max_length=12, choices=Outcome, blank=True)

    history = HistoricalRecords()
    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(demand__isnull=True, outcome="") | (Q(demand__isnull=False) & ~Q(outcome="")),
                name="response_moves_demand_to_outcome",
                violation_error_message=_("Say both which demand this moves and to what, or neither."),
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


class KeyMoment(Withdrawable, Worded, models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="moments")
    title = models.CharField(_("what"), max_length=200)
    starts_at = models.DateTimeField(
        _("when"), validators=[plausible], help_text=_("A day of action: the start of its window.")
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
        help_text=_("Offered only while it lasts (without an end: for a day)."),
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
                violation_error_message=_("A moment ends after it starts."),
            ),
            reason_and_time("moment_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def written_in(self) -> str:
        return self.campaign.language

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
        """What has its place on the page, and be it to say that it was withdrawn."""
        return self.filter(published_at__lte=timezone.now())


class Update(Withdrawable, Worded, models.Model):
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
    moment = models.ForeignKey(
        KeyMoment,
        models.SET_NULL,
        verbose_name=_("hangs on"),
        related_name="updates",
        null=True,
        blank=True,
        help_text=_("Moves along while it is not published."),
    )
    # Staff have asked for it to be mailed; and every mail of it has its row by now (campaigns/mailing.py).
    mailing_at = models.DateTimeField(_("mailed from"), null=True, editable=False)
    addressed_at = models.DateTimeField(_("all addressed"), null=True, editable=False)

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


class Recap(Worded, models.Model):
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


class RecapPart(Worded, models.Model):
    """A piece of the recap after its text: more text, a chosen post, or a response, in an order that staff set."""

    recap = models.ForeignKey(Recap, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    tweet = models.ForeignKey(
        Tweet, models.SET_NULL, verbose_name=_("post"), null=True, blank=True, limit_choices_to={"review": "approved"}
    )
    response = models.ForeignKey(Response, models.SET_NULL, verbose_name=_("response"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tweet__isnull=True) | Q(response__isnull=True),
                name="recap_part_is_one_thing",
                violation_error_message=_("A part shows a post or a response, not both."),
            )
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of {self.recap_id}"

    @property
    def written_in(self) -> str:
        return self.recap.written_in


class PressKit(Worded, models.Model):
    """What journalists get. Before the embargo is over only those see it who were given its secret address."""

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
    def is_embargoed(self) -> bool:
        return self.embargo_until is not None and timezone.now() < self.embargo_until


class PressImage(Worded, models.Model):
    """A picture for the press, made anew from what was uploaded: nothing but the picture is left (core/drawing/pictures.py)."""

    kit = models.ForeignKey(PressKit, models.CASCADE, related_name="images")
    content = models.BinaryField()
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(_("what can be seen"), max_length=300)
    credit = models.CharField(_("whose picture"), max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="press_image_has_a_description")]

    def __str__(self) -> str:
        return self.alt

    @property
    def written_in(self) -> str:
        return self.kit.written_in
