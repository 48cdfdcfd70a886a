"""Posts themselves, as long as they stand at X and somebody on the staff wants them."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models.action import TweetAction
from actions.models.samples import SampleTweet
from actions.models.targets import Target
from actions.models.tracking import TrackingQuery

CANDIDATES_KEPT = timedelta(days=14)
# A post that nobody has found at X for so long is not shown until it is found again.
UNCHECKED_HIDDEN = timedelta(hours=48)
# One that people are asked to answer must have been found within so long.
UNCHECKED_UNANSWERED = timedelta(hours=24)


class TweetQuerySet(models.QuerySet["Tweet"]):
    def candidates(self) -> Self:
        """What staff have not decided on."""
        return self.exclude(kind=Tweet.Kind.TARGET).filter(review=Tweet.Review.NONE, gone_at=None)

    def approved(self) -> Self:
        return self.filter(review=Tweet.Review.APPROVED, gone_at=None)

    def shown(self) -> Self:
        """What the public sees: chosen by staff, and found at X unchanged within the last 48 hours."""
        return self.approved().filter(checked_at__gt=timezone.now() - UNCHECKED_HIDDEN)

    def to_answer(self) -> Self:
        """Those of a target that staff want answered."""
        return self.filter(kind=Tweet.Kind.TARGET, gone_at=None).exclude(answer="")

    def answerable(self) -> Self:
        """Those of them that X still had, unchanged, within the last 24 hours."""
        return self.to_answer().filter(checked_at__gt=timezone.now() - UNCHECKED_UNANSWERED)

    def unseen(self) -> Self:
        """What a target said and nobody on the staff has looked at."""
        return self.filter(kind=Tweet.Kind.TARGET, seen_at=None, gone_at=None)


class Tweet(models.Model):
    """One collected public post: a candidate for the wall and the recap, or something that a target said.

    When X says that it is gone it is blanked here too; a tombstone keeps it from coming back (actions/compliance.py).
    """

    class Kind(models.TextChoices):
        MATCHING = "matching", _("matches the query")
        TARGET = "target", _("by the target")
        LINKED = "linked", _("linked by its author")

    class Review(models.TextChoices):
        NONE = "none", _("not decided")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("not shown")

    class Answer(models.TextChoices):
        REPLY = "reply", _("reply to it")
        QUOTE = "quote", _("quote it")

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="tweets")
    network = models.CharField(max_length=12, default="x")
    post_id = models.BigIntegerField(_("post id"), null=True)
    root_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    query = models.ForeignKey(TrackingQuery, models.CASCADE, null=True, blank=True, related_name="tweets")
    target = models.ForeignKey(Target, models.CASCADE, null=True, blank=True, related_name="tweets")
    author_id = models.BigIntegerField(null=True)
    author_handle = models.CharField(_("author"), max_length=15, blank=True)
    author_name = models.CharField(max_length=100, blank=True)
    text = models.TextField(_("text"))
    posted_at = models.DateTimeField(_("posted"))
    collected_at = models.DateTimeField(_("collected"), default=timezone.now)
    review = models.CharField(_("review"), max_length=12, choices=Review, default=Review.NONE)
    answer = models.CharField(_("people may"), max_length=8, choices=Answer, blank=True, default="", db_default="")
    checked_at = models.DateTimeField(_("found on X"), null=True, editable=False)
    seen_at = models.DateTimeField(_("seen by staff"), null=True, editable=False)
    gone_at = models.DateTimeField(_("gone from X"), null=True, editable=False)

    objects = TweetQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_at"]
        constraints = [
            models.UniqueConstraint(fields=["network", "root_id"], name="one_row_per_post"),
            models.CheckConstraint(condition=Q(kind__in=["matching", "target", "linked"]), name="tweet_kind_is_known"),
            models.CheckConstraint(
                condition=Q(review__in=["none", "approved", "refused"]), name="tweet_review_is_known"
            ),
            models.CheckConstraint(
                condition=Q(gone_at__isnull=True, post_id__isnull=False, root_id__isnull=False)
                | Q(
                    post_id=None,
                    root_id=None,
                    author_id=None,
                    author_handle="",
                    author_name="",
                    text="",
                    gone_at__isnull=False,
                ),
                name="gone_tweet_is_blank",
            ),
        ]
        # The few that the wall is made of, among the candidates.
        indexes = [
            models.Index(
                fields=["action", "-posted_at"],
                name="tweet_approved",
                condition=Q(review="approved", gone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.post_id}"

    @property
    def url(self) -> str:
        return f"https://x.com/{self.author_handle or 'i'}/status/{self.post_id}"

    @property
    def author_url(self) -> str:
        return f"https://x.com/{self.author_handle}" if self.author_handle else ""


class Tombstone(models.Model):
    """A post that is gone from X, as a keyed hash: enough to refuse it, too little to find it."""

    post_hash = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Tombstone {self.pk}"


class LinkedPostQuerySet(models.QuerySet["LinkedPost"]):
    def standing(self) -> Self:
        return self.filter(refused_at=None)

    def counting(self) -> Self:
        """Verified, or not looked up yet: what was looked up and is not there, or has nothing to do with this, is out."""
        return self.standing().filter(Q(note="") | Q(verified_at__isnull=False))

    def verified(self) -> Self:
        return self.standing().exclude(verified_at=None)

    def unverified(self) -> Self:
        """Still to be looked up; after three times without an answer staff decide."""
        return self.standing().filter(verified_at=None, tries__lt=LinkedPost.TRIES)


class LinkedPost(models.Model):
    """A participant has pasted the link of a post; `note`: why it was found not to count. We do not keep whose it is, and never
    join with a signature."""

    TRIES = 3

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="linked_posts")
    network = models.CharField(max_length=12, default="x")
    post_id = models.BigIntegerField(_("post id"))
    # Which one stood there when its link was pasted; that a sample goes later changes nothing about it.
    sample = models.ForeignKey(
        SampleTweet, models.DO_NOTHING, null=True, editable=False, db_constraint=False, db_index=False, related_name="+"
    )
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    note = models.CharField(_("note"), max_length=120, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    refused_at = models.DateTimeField(_("refused"), null=True, editable=False)

    objects = LinkedPostQuerySet.as_manager()

    class Meta:
        ordering = ["-linked_at"]
        constraints = [
            # For each action: a claim for one campaign must not keep a post from the one that it was written for.
            models.UniqueConstraint(fields=["action", "network", "post_id"], name="one_link_per_action_and_post"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(refused_at__isnull=True), name="link_is_verified_or_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.post_id}"

    @property
    def url(self) -> str:
        return f"https://x.com/i/status/{self.post_id}"
