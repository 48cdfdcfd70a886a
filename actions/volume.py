"""*Matching*: public posts that match the query, by anyone, for or against, reposts excluded; counted by X.

Each poll overwrites the last seven days, so that one answer heals whatever was missed or has changed in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from actions import budget
from actions.asking import Payer, ask
from actions.models import SETTLES, Contamination, Purpose, TrackingQuery, TweetAction, Volume
from actions.x.answers import Bucket
from actions.x.errors import BadQuery, CursorTooOld
from actions.x.ids import LOOKS_BACK


def is_due(query: TrackingQuery, now: datetime) -> bool:
    """Every X_POLL_SECONDS; four times an hour while a day of action lasts; a former version once more when it has settled."""
    if query.fetched_at is None:
        return True
    if query.until is not None:
        return now >= query.until + SETTLES
    busy = query.action.busy_until is not None and now < query.action.busy_until
    every = timedelta(seconds=settings.X_POLL_SECONDS)
    # A little early is on time: the scheduler's turns are not exact.
    return now - query.fetched_at >= (min(every, budget.BUSY_EVERY) if busy else every) - timedelta(seconds=5)


def poll(query: TrackingQuery) -> None:
    """A former version is counted until its end exactly, the hour in which it was replaced included in part."""
    now = timezone.now()
    end = query.until if query.until and query.until < now - timedelta(minutes=1) else None
    payer = Payer(query.action, Purpose.COUNTS, budget.worst(requests=1))
    try:
        counts = ask("counts", payer, lambda x: x.counts(query.query, first_start(query, now), end))
    except (BadQuery, CursorTooOld) as error:
        TrackingQuery.objects.filter(pk=query.pk).update(refused=str(error)[:300])
        return
    if counts is not None:
        overwrite(query, counts.buckets)


def first_start(query: TrackingQuery, now: datetime) -> datetime:
    """Where to count from: the query's start while X still looks back that far, else the next full hour, since a bucket cut
    off at its front would overwrite a whole one."""
    earliest = now - LOOKS_BACK
    if query.since >= earliest:
        return query.since
    return earliest.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def overwrite(query: TrackingQuery, buckets: Iterable[Bucket]) -> None:
    """What X says now is what is so, even where it is less than before."""
    now = timezone.now()
    until = query.until
    rows = [
        Volume(query=query, start=bucket.start, end=bucket.end, posts=bucket.posts, fetched_at=now)
        for bucket in buckets
        if until is None or bucket.start < until
    ]
    Volume.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["query", "start"], update_fields=["end", "posts", "fetched_at"]
    )
    TrackingQuery.objects.filter(pk=query.pk).update(fetched_at=now)


def counted(actions: Iterable[TweetAction]) -> QuerySet[Volume]:
    """The buckets that count: of all versions, without those that a contaminated span touches."""
    touched = Contamination.objects.filter(
        action=OuterRef("query__action"), start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )
    return Volume.objects.filter(~Exists(touched), query__action__in=actions)


def matching_by_action(actions: Iterable[TweetAction]) -> dict[int, int]:
    """The sum of what counts, by action; without those that X was never asked about with success."""
    actions = list(actions)
    asked = Volume.objects.filter(query__action__in=actions).values_list("query__action", flat=True).distinct()
    totals = counted(actions).values_list("query__action").annotate(total=Sum("posts"))
    return dict.fromkeys(asked, 0) | dict(totals)


def matching(action: TweetAction) -> int | None:
    """None: unknown."""
    return matching_by_action([action]).get(action.pk)


@dataclass(frozen=True)
class LeftOut:
    """A contaminated span, and how many posts were in the buckets that it touches."""

    start: datetime
    end: datetime
    reason: str
    marked_at: datetime
    posts: int


def left_out(action: TweetAction) -> list[LeftOut]:
    spans = []
    for span in action.contaminations.all():
        touched = Volume.objects.filter(query__action=action, start__lt=span.end, end__gt=span.start)
        posts = touched.aggregate(total=Sum("posts"))["total"] or 0
        spans.append(LeftOut(span.start, span.end, span.reason, span.marked_at, posts))
    return spans


def missing(query: TrackingQuery, now: datetime) -> list[tuple[datetime, datetime]]:
    """Spans of this version, (start, end), that X was never asked about in time: older than X looks back, without a bucket."""
    reach, spans, end = now - LOOKS_BACK, list[tuple[datetime, datetime]](), query.since
    over = min(query.until or reach, reach)
    for start, until in [*query.volumes.order_by("start").values_list("start", "end"), (over, over)]:
        if end < min(start, over):
            spans.append((end, min(start, over)))
        end = max(end, until)
    return spans


def as_of_by_action(actions: Iterable[TweetAction]) -> dict[int, datetime | None]:
    """When X last gave an answer, by action."""
    queries = TrackingQuery.objects.filter(action__in=actions)
    return dict(queries.values_list("action").annotate(newest=Max("fetched_at")).order_by())


def as_of(action: TweetAction) -> datetime | None:
    return as_of_by_action([action]).get(action.pk)


def by_hour(action: TweetAction) -> list[tuple[datetime, int]]:
    """(start, posts) by UTC hour, oldest first; an hour that X was never asked about has no entry."""
    hour = TruncHour("start")
    rows = counted([action])
    return list(rows.values_list(hour).annotate(total=Sum("posts")).order_by(hour))
