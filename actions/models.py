"""The Twitter/X action: who is addressed, with which words, and what can be counted of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from actions import length
from actions.x.ids import LOOKS_BACK

CANDIDATES_KEPT = timedelta(days=14)
OPENINGS_KEPT = timedelta(days=7)
handle = RegexValidator(r"^[A-Za-z0-9_]{1,15}$", _("A handle has 1 to 15 letters, digits or underscores, without @."))
hashtag = RegexValidator(r"^\w*[^\W\d]\w*$", _("A hashtag has letters, digits or underscores, without #."))


class Cursor(models.Model):
    """How far a stream of posts was read. `committed_id` moves only after the last page of a round: a round that breaks off
    goes on where it stood, from the same lower bound."""

    committed_id = models.BigIntegerField(null=True, editable=False)
    round_since_id = models.BigIntegerField(null=True, editable=False)
    round_newest_id = models.BigIntegerField(null=True, editable=False)
    next_token = models.CharField(max_length=200, default="", editable=False)
    # Why X does not take this question: it is not asked again until it is another one.
    refused = models.CharField(_("refused by X"), max_length=300, default="", blank=True, editable=False)

    class Meta:
        abstract = True


class Target(Cursor):
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
    is_fictional = models.BooleanField(_("fictional"), default=False, help_text=_("For examples: the pages say so."))

    history = HistoricalRecords(
        excluded_fields=[
            "committed_id",
            "round_since_id",
            "round_newest_id",
            "next_token",
            "refused",
            "x_user_id",
            "resolved_handle",
        ]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="target_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["institution", "office", "senior"]), name="target_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (@{self.x_handle})"


class TweetAction(models.Model):
    target = models.ForeignKey(Target, models.PROTECT, related_name="actions", null=True, blank=True)
    hashtag = models.CharField(_("hashtag"), max_length=80, validators=[hashtag], help_text=_("Without #."))
    advice = models.TextField(
        _("advice"),
        blank=True,
        help_text=_("Shown before the share links: who should think twice, and how to stay civil."),
    )
    is_tracking = models.BooleanField(_("collect from X"), default=False, editable=False)
    read_on = models.DateField(null=True, editable=False)
    posts_read = models.PositiveIntegerField(default=0, editable=False)

    history = HistoricalRecords(excluded_fields=["read_on", "posts_read"])

    def __str__(self) -> str:
        return f"#{self.hashtag}"

    @property
    def query(self) -> str:
        """What X is asked for now; "" before anything was set."""
        newest = self.queries.order_by("-version").first()
        return newest.query if newest else ""


class SampleQuerySet(models.QuerySet["SampleTweet"]):
    def offered(self) -> Self:
        return self.filter(is_offered=True)


class SampleTweet(models.Model):
    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="samples")
    text = models.CharField(
        _("text"),
        max_length=500,
        validators=[length.validate],
        help_text=_("The whole post, with handle and hashtag: at most 280 as X counts."),
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    is_offered = models.BooleanField(_("offered"), default=True)

    history = HistoricalRecords()
    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "text"], name="one_sample_per_text")]

    def __str__(self) -> str:
        return self.text


class TrackingQueryQuerySet(models.QuerySet["TrackingQuery"]):
    def current(self) -> Self:
        return self.filter(until=None, refused="", action__is_tracking=True)

    def unsettled(self, now: datetime) -> Self:
        """What may still change at X: current queries, and former ones whose last quarter of an hour was not read again."""
        current = Q(until=None, action__is_tracking=True)
        unread = Q(fetched_at=None) | Q(fetched_at__lt=models.F("until") + timedelta(minutes=15))
        late = Q(until__isnull=False, until__gt=now - LOOKS_BACK) & Q(until__gt=models.F("since")) & unread
        return self.filter(current | late, refused="", since__lte=now)


class TrackingQuery(Cursor):
    """One version of what X is asked for, in force from `since` until `until`. A changed query is a new version."""

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="queries")
    version = models.PositiveSmallIntegerField()
    query = models.CharField(max_length=512)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["committed_id", "round_since_id", "round_newest_id", "next_token", "refused", "fetched_at"]
    )
    objects = TrackingQueryQuerySet.as_manager()

    class Meta:
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


class Tweet(models.Model):
    """One collected public post: a candidate for the wall and the recap, or something that the target said."""

    class Kind(models.TextChoices):
        MATCHING = "matching", _("matches the query")
        TARGET = "target", _("by the target")

    network = models.CharField(max_length=12, default="x")
    post_id = models.BigIntegerField(_("post id"))
    root_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    query = models.ForeignKey(TrackingQuery, models.CASCADE, null=True, blank=True, related_name="tweets")
    target = models.ForeignKey(Target, models.CASCADE, null=True, blank=True, related_name="tweets")
    author_id = models.BigIntegerField(null=True)
    author_handle = models.CharField(_("author"), max_length=15, blank=True)
    text = models.TextField(_("text"))
    posted_at = models.DateTimeField(_("posted"))
    collected_at = models.DateTimeField(_("collected"), default=timezone.now)

    class Meta:
        ordering = ["-posted_at"]
        constraints = [
            models.UniqueConstraint(fields=["network", "root_id"], name="one_row_per_post"),
            models.CheckConstraint(condition=Q(kind__in=["matching", "target"]), name="tweet_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.post_id}"

    @property
    def url(self) -> str:
        return f"https://x.com/{self.author_handle or 'i'}/status/{self.post_id}"


class Endpoint(models.Model):
    """What X said last on one endpoint, and until when it is left alone."""

    name = models.CharField(max_length=40, unique=True)
    blocked_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """Somebody opened a composer from our page. At most one per client, sample and minute."""

    action = models.ForeignKey(TweetAction, models.CASCADE)
    sample = models.ForeignKey(SampleTweet, models.SET_NULL, null=True)
    network = models.CharField(max_length=12)
    client_hash = models.BinaryField(max_length=16)
    minute = models.DateTimeField()
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "sample", "client_hash", "minute"], name="one_opening_a_minute", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["id"], name="opening_to_tally", condition=Q(counted=False))]

    def __str__(self) -> str:
        return f"Opening {self.pk}"


class OpeningTally(models.Model):
    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="opening_tallies")
    start = models.DateTimeField()
    network = models.CharField(max_length=12)
    opened = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "start", "network"], name="one_opening_tally_per_cell")
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.network}: {self.opened}"
