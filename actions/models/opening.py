"""Composers that were opened from our pages."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from actions.models.action import TweetAction
from actions.models.samples import SampleTweet
from actions.models.targets import Target

OPENINGS_KEPT = timedelta(days=7)


class Opening(models.Model):
    """Somebody opened a composer from our page. At most one per client, action and minute: samples can be cycled."""

    action = models.ForeignKey(TweetAction, models.CASCADE)
    # Only tells openings apart: that a sample goes later changes nothing about them.
    sample = models.ForeignKey(SampleTweet, models.DO_NOTHING, null=True, db_constraint=False)
    target = models.ForeignKey(Target, models.PROTECT, null=True)
    network = models.CharField(max_length=12)
    client_hash = models.BinaryField(max_length=16)
    minute = models.DateTimeField()
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "client_hash", "minute"], name="one_opening_a_minute"),
        ]
        indexes = [models.Index(fields=["id"], name="opening_to_tally", condition=Q(counted=False))]

    def __str__(self) -> str:
        return f"Opening {self.pk}"


class OpeningTally(models.Model):
    """How many openings there were in a quarter of an hour, by network and target.

    Whatever statement writes such a cell, a trigger adds it up in the table below, in the same moment (migration 0002).
    """

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="opening_tallies")
    start = models.DateTimeField()
    network = models.CharField(max_length=12)
    target = models.ForeignKey(Target, models.PROTECT, null=True, related_name="opening_tallies")
    opened = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "opening tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "start", "network", "target"],
                name="one_opening_tally_per_cell",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.network}: {self.opened}"


class OpeningTallyByTarget(models.Model):
    """The sum of all cells of one target."""

    action = models.ForeignKey(TweetAction, models.CASCADE, related_name="opening_tallies_by_target", db_index=False)
    # None: from before there were several targets.
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="+")
    opened = models.IntegerField()

    class Meta:
        verbose_name_plural = "opening tallies by target"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "target"], name="one_opening_tally_per_target", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.opened}"
