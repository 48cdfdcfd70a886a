"""*Matching*: public posts that match the query, by anyone, for or against, reposts excluded; counted by X.

Each poll overwrites the last seven days, so that one answer heals whatever was missed or has changed in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
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
    return Volume.objects.filter(~Exists(_touching()), query__action__in=actions)


def _touching() -> QuerySet[Contamination]:
    return Contamination.objects.filter(
        action=OuterRef("query__action"), start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )


def matching_by_action(actions: Iterable[TweetAction]) -> dict[int, int]:
    """The sum of what counts, by action; without those that X was never asked about with success."""
    asked = Volume.objects.filter(query__action__in=list(actions)).alias(counts=~Exists(_touching()))
    totals = asked.values_list("query__action").annotate(total=Sum("posts", filter=Q(counts=True), default=0))
    return dict(totals)


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
    return _missing(query, query.volumes.order_by("start").values_list("start", "end"), now)


def missing_by_version(action: TweetAction, now: datetime) -> list[tuple[datetime, datetime]]:
    """The same of all versions of what an action asks, the oldest first."""
    asked: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    volumes = Volume.objects.filter(query__action=action).order_by("start")
    for number, start, end in volumes.values_list("query", "start", "end"):
        asked[number].append((start, end))
    return [span for query in action.queries.order_by("version") for span in _missing(query, asked[query.pk], now)]


def _missing(
    query: TrackingQuery, asked: Iterable[tuple[datetime, datetime]], now: datetime
) -> list[tuple[datetime, datetime]]:
    reach, spans, end = now - LOOKS_BACK, list[tuple[datetime, datetime]](), query.since
    over = min(query.until or reach, reach)
    for start, until in [*asked, (over, over)]:
        if end < min(start, over):
            spans.append((end, min(start, over)))
        end = max(end, until)
    return spans


class Asked(NamedTuple):
    """`query`: what X is asked for now, or was last. `as_of`: when it last gave an answer to any version."""

    query: str
    as_of: datetime | None


def asked_by_action(actions: Iterable[TweetAction]) -> dict[int, Asked]:
    """What X is asked for and when it answered, by action; without those that nothing was ever asked for."""
    asked: dict[int, Asked] = {}
    versions = TrackingQuery.objects.filter(action__in=actions).order_by("version")
    for action, query, fetched_at in versions.values_list("action", "query", "fetched_at"):
        before = asked[action].as_of if action in asked else None
        asked[action] = Asked(query, max(filter(None, (before, fetched_at)), default=None))
    return asked


def as_of(action: TweetAction) -> datetime | None:
    asked = asked_by_action([action]).get(action.pk)
    return asked.as_of if asked else None


def by_hour(action: TweetAction) -> list[tuple[datetime, int]]:
    """(start, posts) by UTC hour, oldest first; an hour that X was never asked about has no entry."""
    hour = TruncHour("start")
    rows = counted([action])
    return list(rows.values_list(hour).annotate(total=Sum("posts")).order_by(hour))
