from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from actions import asking, budget, collect, compliance, linking, opening, recount, volume
from actions.models import (
    CANDIDATES_KEPT,
    OPENINGS_KEPT,
    Charge,
    LinkedPost,
    Opening,
    PaidRead,
    TrackingQuery,
    Tweet,
    TweetAction,
)
from core import observations
from core.periodic import periodic
from core.postgres import replica

log = logging.getLogger(__name__)

# A timeline without anything new costs nothing, so it can be looked at often.
REPLIES_EVERY = timedelta(minutes=5)
CHARGES_KEPT = timedelta(days=400)


@periodic("actions.tally_openings")
def tally_openings() -> None:
    while opening.settle():
        pass


@periodic("actions.recount")
def recount_openings() -> None:
    """Says where a sum is not that of its cells, and changes nothing."""
    faults = replica.read(recount.wrong_sums)
    for fault in faults:
        log.error("recount: %s", fault)
    (observations.note if faults else observations.clear)(observations.OPENINGS_DIFFER)


@periodic("actions.forget")
def forget() -> None:
    """Openings are in the tally by then; posts that nobody chose, and what X billed for, are not kept for ever."""
    now = timezone.now()
    Opening.objects.filter(counted=True, minute__lt=now - OPENINGS_KEPT).delete()
    Tweet.objects.candidates().filter(collected_at__lt=now - CANDIDATES_KEPT).delete()
    Tweet.objects.filter(review=Tweet.Review.REFUSED, collected_at__lt=now - CANDIDATES_KEPT).delete()
    PaidRead.objects.filter(day__lt=now.date() - timedelta(days=8)).delete()
    Charge.objects.filter(at__lt=now - CHARGES_KEPT).delete()


@periodic("actions.poll_volume")
def poll_volume() -> None:
    now = timezone.now()
    for query in TrackingQuery.objects.unsettled(now).select_related("action"):
        if volume.is_due(query, now):
            volume.poll(query)


@periodic("actions.collect_posts")
def collect_posts() -> None:
    collect.note_what_is_lost()
    due = timezone.now() - timedelta(seconds=settings.X_POLL_SECONDS - 5)
    for query in TrackingQuery.objects.current().filter(_read_before(due)).select_related("action"):
        collect.matching_posts(query)


@periodic("actions.collect_replies")
def collect_replies() -> None:
    """Each target once, however many actions address it; the first of them that can pays."""
    due = timezone.now() - min(REPLIES_EVERY, timedelta(seconds=settings.X_POLL_SECONDS)) + timedelta(seconds=5)
    actions = TweetAction.objects.filter(is_tracking=True).annotate(since=Min("queries__since")).exclude(since=None)
    seen: set[int] = set()
    for action in actions.order_by("pk"):
        for target in action.targets:
            if target.pk in seen or (target.read_at is not None and target.read_at > due):
                continue
            before = target.read_at
            collect.replies_of(target, action, action.since)
            if target.read_at != before or target.refused:
                seen.add(target.pk)


@periodic("actions.look_after_posts")
def look_after_posts() -> None:
    """Those just approved appear, those shown are looked up once a day, those linked are verified."""
    for action in _with_posts():
        compliance.recheck(action)
        compliance.publish_approved(action)
        linking.verify(action)


@periodic("actions.reconcile")
def reconcile() -> None:
    """For days that are over: what nobody knew the end of costs what X says that we read."""
    unknown = Charge.objects.filter(actual=None, at__lt=datetime.combine(timezone.now().date(), time(), UTC))
    if unknown.exists():
        usage = asking.ask_free("usage", lambda x: x.usage())
        for day in {charge.at.date() for charge in unknown} if usage else ():
            if usage and day in usage.posts:
                budget.reconcile(datetime.combine(day, time(), UTC), usage.posts[day])


def _read_before(due: datetime) -> Q:
    return Q(read_at=None) | Q(read_at__lte=due)


def _with_posts() -> Iterator[TweetAction]:
    """Also of campaigns that are over: what they show must still stand."""
    shown = Tweet.objects.approved().values("action")
    linked = LinkedPost.objects.unverified().values("action")
    to_answer = Tweet.objects.to_answer().values("action")
    yield from TweetAction.objects.filter(Q(pk__in=shown) | Q(pk__in=linked) | Q(pk__in=to_answer))
