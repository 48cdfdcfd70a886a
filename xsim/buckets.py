"""Counting posts per minute, hour or day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from xsim.clock import timestamp
from xsim.corpus import Post
from xsim.problems import JsonObject
from xsim.window import Window

WIDTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def histogram(posts: Iterable[Post], window: Window, granularity: str) -> list[JsonObject]:
    """Oldest first and without gaps; the first and the last bucket are cut off at the window's ends."""
    counted = Counter(_floor(post.created_at, granularity) for post in posts)
    return [
        {"start": timestamp(start), "end": timestamp(end), "tweet_count": counted[_floor(start, granularity)]}
        for start, end in _spans(window, granularity)
    ]


def _spans(window: Window, granularity: str) -> Iterator[tuple[datetime, datetime]]:
    start = window.start
    while start < window.end:
        end = min(_floor(start, granularity) + WIDTHS[granularity], window.end)
        yield start, end
        start = end


def _floor(moment: datetime, granularity: str) -> datetime:
    whole_minute = moment.replace(second=0, microsecond=0)
    if granularity == "minute":
        return whole_minute
    whole_hour = whole_minute.replace(minute=0)
    return whole_hour if granularity == "hour" else whole_hour.replace(hour=0)
