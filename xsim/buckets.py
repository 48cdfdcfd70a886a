"""Counting posts per minute, hour or day."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from xsim.clock import timestamp
from xsim.corpus import Post
from xsim.ids import MILLISECOND, UNIX, milliseconds_of
from xsim.problems import JsonObject
from xsim.window import Window

WIDTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def histogram(posts: Iterable[Post], window: Window, granularity: str) -> list[JsonObject]:
    """Oldest first and without gaps; the first and the last bucket are cut off at the window's ends."""
    width = WIDTHS[granularity] // MILLISECOND
    counted = Counter([milliseconds_of(int(post.id)) // width for post in posts])
    return [
        {"start": _name(start), "end": _name(end), "tweet_count": counted.get(start // width, 0)}
        for start, end in pairwise(_edges(window, width))
    ]


def ceiling(moment: datetime, granularity: str) -> datetime:
    """The first edge between two buckets that is not before the moment."""
    over = (moment - UNIX) % WIDTHS[granularity]
    return moment + WIDTHS[granularity] - over if over else moment


def _edges(window: Window, width: int) -> list[int]:
    """In milliseconds since 1970, as the width is."""
    if window.start >= window.end:
        return []
    start, end = (window.start - UNIX) // MILLISECOND, (window.end - UNIX) // MILLISECOND
    return [start, *range((start // width + 1) * width, end, width), end]


@lru_cache(maxsize=100_000)
def _name(milliseconds: int) -> str:
    return timestamp(UNIX + milliseconds * MILLISECOND)
