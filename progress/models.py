"""What was published at one moment and is kept as it was."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.campaign import Campaign
from core.models import SigningKey


class DailySnapshot(models.Model):
    """The public figures as they were when a day began, under a signature that anybody can check (progress/daily_snapshots.py)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="daily_snapshots")
    # In the campaign's time zone.
    day = models.DateField()
    taken_at = models.DateTimeField(default=timezone.now)
    # Letter by letter what is signed: JSON in the shape of progress.json.
    content = models.TextField()
    key = models.ForeignKey(SigningKey, models.PROTECT)
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="one_snapshot_a_day")]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.day}"


class HourlyFigures(models.Model):
    """What a safety level that tells nothing live tells of a campaign, beside its signatures (progress/hourly_figures.py): in steps,
    once an hour. Kept at every level, so that there is something to tell when the level is raised."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="hourly")
    taken_at = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    pledged = models.PositiveIntegerField(default=0)
    # {target's id: opened}: at every level hourly, since a target is a cell; "" for those that can't be told apart.
    by_target = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "hourly figures"

    def __str__(self) -> str:
        return f"{self.campaign}, {self.taken_at:%Y-%m-%d %H:%M}"


class CountedDay(models.Model):
    """What reports may tell of a campaign up to the end of a day in its zone: written once, when the day is over, and never changed
    (progress/counted_days.py)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="counted_days")
    day = models.DateField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    # {series: {cell: all so far}}; of each cell and each change of it at least five.
    told = models.JSONField(default=dict)
    # Of the newest day alone: what is too few to be told, for the next one to add.
    carried = models.JSONField(default=dict)
    # Of which series this day could not be counted: it was long ago.
    missing = models.JSONField(default=list)
    # {kind of mail: {outcome: as many, in steps of ten}} when it was counted.
    mails = models.JSONField(default=dict)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="one_counted_day"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="counted_day_ends_after_its_start"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.day}"


class ShareImage(models.Model):
    """The picture that networks show beside a link, drawn anew at every milestone (progress/share_image.py)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="share_images")
    language = models.CharField(max_length=12)
    version = models.CharField(max_length=32)
    content = models.BinaryField()
    drawn_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "language"], name="one_share_image_a_language")]

    def __str__(self) -> str:
        return f"{self.campaign}, {self.language}"
