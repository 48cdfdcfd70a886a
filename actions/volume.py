"""*Matching*: public posts that match the query, by anyone, for or against, reposts excluded; counted by X.

Each poll overwrites the last seven days, so that one answer heals whatever was missed or has changed in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from actions.asking import ask
from actions.models import TrackingQuery, TweetAction, Volume
from actions.x.answers import Bucket
from actions.x.errors import BadQuery
from actions.x.ids import LOOKS_BACK


def poll(query: TrackingQuery) -> None:
    """A former version is counted until its end exactly, the hour in which it was replaced included in part."""
    now = timezone.now()
    end = query.until if query.until and query.until < now - timedelta(minutes=1) else None
    try:
        buckets = ask("counts", lambda x: x.counts(query.query, first_start(query, now), end))
    except BadQuery as error:
        TrackingQuery.objects.filter(pk=query.pk).update(refused=str(error)[:300])
        return
    if buckets is not None:
        overwrite(query, buckets)


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


def matching_by_action(actions: Iterable[TweetAction]) -> dict[int, int]:
    """The sum of all buckets of all versions, by action; without those that X was never asked about with success."""
    totals = Volume.objects.filter(query__action__in=actions).values_list("query__action").annotate(total=Sum("posts"))
    return dict(totals)


def matching(action: TweetAction) -> int | None:
    """None: unknown."""
    return matching_by_action([action]).get(action.pk)


def as_of_by_action(actions: Iterable[TweetAction]) -> dict[int, datetime | None]:
    """When X last gave an answer, by action."""
    queries = TrackingQuery.objects.filter(action__in=actions)
    return dict(queries.values_list("action").annotate(newest=Max("fetched_at")).order_by())


def as_of(action: TweetAction) -> datetime | None:
    return as_of_by_action([action]).get(action.pk)


def by_hour(action: TweetAction) -> list[tuple[datetime, int]]:
    """(start, posts) by UTC hour, oldest first; an hour that X was never asked about has no entry."""
    hour = TruncHour("start")
    rows = Volume.objects.filter(query__action=action)
    return list(rows.values_list(hour).annotate(total=Sum("posts")).order_by(hour))
