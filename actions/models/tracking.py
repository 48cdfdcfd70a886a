"""What X is asked, what it said, what it could not say, and what that cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions.models.action import TweetAction
from actions.models.cursor import Cursor
from actions.models.targets import Target
from actions.x.ids import LOOKS_BACK, time_of
from core.text import formats

# So long after a bucket has ended X may still find posts for it.
SETTLES = timedelta(minutes=15)


class TrackingQueryQuerySet(models.QuerySet["TrackingQuery"]):
    def current(self) -> Self:
        return self.filter(until=None, refused="", action__is_tracking=True)

    def unsettled(self, now: datetime) -> Self:
        """What may still change at X: current queries, and former ones whose last quarter of an hour was not read again. X counts
        until half a minute ago, and takes a question about less than nothing for a mistake: so none about the last minute."""
        current = Q(until=None, action__is_tracking=True)
        unread = Q(fetched_at=None) | Q(fetched_at__lt=models.F("until") + SETTLES)
        late = Q(until__isnull=False, until__gt=now - LOOKS_BACK) & Q(until__gt=models.F("since")) & unread
        return self.filter(current | late, refused="", since__lte=now - timedelta(minutes=1))


class TrackingQuery(Cursor):
    """One version of what X is asked for, in force from `since` until `until`. A changed query is a new version."""

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="queries")
    version = models.PositiveSmallIntegerField()
    query = models.CharField(max_length=512)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=["committed_id", "read_at", "refused", "fetched_at"])
    objects = TrackingQueryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tracking queries"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["action", "version"], name="one_query_per_version"),
            models.UniqueConstraint(fields=["action"], condition=Q(until=None), name="one_query_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.query} (version {self.version})"


class Volume(models.Model):
    """How many posts matched in one bucket of time, as X said last: always overwritten, never added to."""

    query = models.ForeignKey(TrackingQuery, models.CASCADE, related_name="volumes")
    start = models.DateTimeField()
    end = models.DateTimeField()
    posts = models.PositiveIntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "start"], name="one_volume_per_bucket"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="bucket_ends_after_its_start"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}: {self.posts}"


class Contamination(models.Model):
    """A span whose posts are not counted, because they are not what they seem: opponents, machines. Shown apart, with its reason."""

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="contaminations")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("Shown to everyone."))
    marked_at = models.DateTimeField(_("marked"), default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")),
                name="contamination_ends_after_its_start",
                violation_error_message=_("A span must end after it starts."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="contamination_has_a_reason"),
        ]

    def __str__(self) -> str:
        return formats.moments(timezone.localtime(self.start), timezone.localtime(self.end))


class GapQuerySet(models.QuerySet["Gap"]):
    def open(self) -> Self:
        return self.filter(lost_at=None)

    def lost(self) -> Self:
        return self.exclude(lost_at=None)


class Gap(models.Model):
    """Posts that were not read yet: those after `after_id` and before `before_id`. Lost, when X can't give them any more."""

    query = models.ForeignKey(TrackingQuery, models.CASCADE, null=True, related_name="gaps")
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="gaps")
    after_id = models.BigIntegerField()
    before_id = models.BigIntegerField()
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    lost_at = models.DateTimeField(_("lost"), null=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["-before_id"]
        constraints = [
            models.CheckConstraint(condition=Q(before_id__gt=models.F("after_id")), name="gap_is_not_empty"),
            models.CheckConstraint(
                condition=Q(query__isnull=True, target__isnull=False) | Q(query__isnull=False, target__isnull=True),
                name="gap_is_in_one_stream",
            ),
        ]

    def __str__(self) -> str:
        return formats.moments(timezone.localtime(self.start), timezone.localtime(self.end))

    @property
    def start(self) -> datetime:
        return time_of(self.after_id)

    @property
    def end(self) -> datetime:
        return time_of(self.before_id)


class Endpoint(models.Model):
    """What X said last on one endpoint, and until when it is left alone."""

    name = models.CharField(max_length=40, unique=True)
    blocked_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    """What money is spent on, in the order in which it is given up when there is too little."""

    SAMPLE = "sample", _("a sample of matching posts")
    LINKS = "links", _("looking up linked posts")
    CARDS = "cards", _("posts to show, with their authors")
    REPLIES = "replies", _("what the targets say")
    COUNTS = "counts", _("counting posts")
    COMPLIANCE = "compliance", _("checking whether shown posts are still there")


class Charge(models.Model):
    """One request to X, in US dollars: reserved at its worst before it is made, settled after it. Without `actual` nobody knows
    whether X has billed it, and it stays charged as reserved."""

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="charges")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    at = models.DateTimeField(_("when"), default=timezone.now)
    reserved = models.DecimalField(_("reserved"), max_digits=8, decimal_places=4)
    actual = models.DecimalField(_("settled"), max_digits=8, decimal_places=4, null=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["action", "at"], name="charge_by_month")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="charge_purpose_is_known"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="charge_is_no_gift"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.actual if self.actual is not None else self.reserved}"


class PaidRead(models.Model):
    """X bills the same post or user once a UTC day, whoever of us reads it again."""

    day = models.DateField()
    kind = models.CharField(max_length=4)
    item_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind", "item_id"], name="one_bill_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}, {self.day}"
