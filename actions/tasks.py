from __future__ import annotations

from django.db.models import Min
from django.utils import timezone

from actions import collect, opening, volume
from actions.models import CANDIDATES_KEPT, OPENINGS_KEPT, Opening, Target, TrackingQuery, Tweet
from core.periodic import periodic


@periodic("actions.tally_openings")
def tally_openings() -> None:
    while opening.settle():
        pass


@periodic("actions.forget_openings")
def forget_openings() -> None:
    """Openings are in the tally by then; posts that nobody chose are not kept."""
    now = timezone.now()
    Opening.objects.filter(counted=True, minute__lt=now - OPENINGS_KEPT).delete()
    Tweet.objects.filter(kind=Tweet.Kind.MATCHING, collected_at__lt=now - CANDIDATES_KEPT).delete()


@periodic("actions.poll_volume")
def poll_volume() -> None:
    for query in TrackingQuery.objects.unsettled(timezone.now()):
        volume.poll(query)


@periodic("actions.collect_posts")
def collect_posts() -> None:
    for query in TrackingQuery.objects.current().select_related("action"):
        collect.matching_posts(query)


@periodic("actions.collect_replies")
def collect_replies() -> None:
    targets = Target.objects.filter(actions__is_tracking=True).annotate(since=Min("actions__queries__since"))
    for target in targets.exclude(since=None):
        collect.replies_of(target, target.since)
