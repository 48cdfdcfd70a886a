from __future__ import annotations

from django.utils import timezone

from core.drawing import pdf
from core.periodic import periodic
from progress import counted_days, daily_snapshots, hourly_figures, last_known, share_image


@periodic("progress.take_hourly")
def take_hourly() -> None:
    for campaign in hourly_figures.due(timezone.now()):
        hourly_figures.take(campaign)


@periodic("progress.count_days", seconds=300)
def count_days() -> None:
    """Where many days are to be caught up with, what is left after two minutes waits for the next turn."""
    counted_days.catch_up(seconds=120)


@periodic("progress.take_snapshots")
def take_snapshots() -> None:
    for campaign in daily_snapshots.due():
        daily_snapshots.take(campaign)


@periodic("progress.keep_last_known")
def keep_last_known() -> None:
    last_known.remember()


@periodic("progress.draw_share_images", seconds=300)
def draw_share_images() -> None:
    """Draws what is out of date; on a system without Pango there are no images, and pages name none."""
    if pdf.available():
        share_image.draw_all()
