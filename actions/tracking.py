"""What X is asked for, as numbered versions: numbers of different questions are never mixed up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.models import TrackingQuery, TweetAction

NO_REPOSTS = "-is:retweet"


def default_query(action: TweetAction) -> str:
    return query_for(action.hashtag, action.handles)


def query_for(hashtag: str, handles: Iterable[str]) -> str:
    named = [f"@{handle}" for handle in handles]
    addressed = f"({' OR '.join(named)})" if len(named) > 1 else "".join(named)
    return " ".join(filter(None, (f"#{hashtag}", addressed, NO_REPOSTS)))


def follows(action: TweetAction) -> bool:
    """Whether what X is asked for follows from hashtag and handles, as nobody has written anything else."""
    return action.query in ("", default_query(action))


def validate(query: str) -> None:
    if len(query) > 512:
        raise ValidationError(_("X accepts queries of at most 512 characters."))
    if NO_REPOSTS not in query.split():
        raise ValidationError(_("Please keep -is:retweet: the public number says that it leaves out reposts."))


def prepare(action: TweetAction, query: str) -> None:
    """What will be asked for once the campaign is live: a version that was never in force."""
    if action.query != query:
        newest, now = action.queries.order_by("-version").first(), _now()
        version = newest.version + 1 if newest else 1
        TrackingQuery.objects.create(action=action, version=version, query=query, since=now, until=now)


def stop(action: TweetAction) -> None:
    """Nothing is asked for from now on; what was asked for until now is still counted to its end."""
    _end(action, _now())


def _end(action: TweetAction, now: datetime) -> None:
    for query in action.queries.filter(until=None):
        query.until = now
        query.save(update_fields=["until"])


def _now() -> datetime:
    """X reads whole seconds."""
    return timezone.now().replace(microsecond=0)


def set_query(action: TweetAction, query: str) -> None:
    """Ask for `query` from now on; nothing happens when it is what is asked for already."""
    with transaction.atomic():
        TweetAction.objects.select_for_update().get(pk=action.pk)
        newest = action.queries.order_by("-version").first()
        if newest and newest.query == query and newest.until is None:
            return
        now = _now()
        _end(action, now)
        TrackingQuery.objects.create(action=action, version=newest.version + 1 if newest else 1, query=query, since=now)
