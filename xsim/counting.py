"""The two endpoints that count posts."""

from datetime import datetime, timedelta

from xsim.access import only_the_app
from xsim.buckets import WIDTHS, ceiling, histogram
from xsim.context import Context
from xsim.fields import COUNT_FIELDS
from xsim.ids import MILLISECOND, UNIX, first_id
from xsim.paging import TOKEN_NAMES, make_token, read_token, seal_of
from xsim.params import ARCHIVE_QUERY_LENGTH, QUERY_LENGTH
from xsim.problems import JsonObject
from xsim.reading import matching
from xsim.window import NAMES, Window, archive_window, recent_window

COUNTS_NAMES = NAMES | TOKEN_NAMES | {"query", "granularity", "search_count.fields"}
PAGE = timedelta(days=31)


def counts_recent(context: Context) -> JsonObject:
    """Seven days fit in one answer, so no token was ever given out and any token is refused."""
    window = recent_window(context.params, context.now)
    read_token(context.params, -1)
    return _counted(context, window, "counts/recent", QUERY_LENGTH)


def counts_all(context: Context) -> JsonObject:
    """The newest 31 days of the window; the token leads to those before. It holds the next page's end."""
    only_the_app(context)
    whole = archive_window(context.params, context.now)
    seal = seal_of(context.request.path, context.params)
    token = read_token(context.params, seal)
    end = whole.end if token is None else UNIX + token * MILLISECOND
    page = _newest_part(whole, end, _granularity(context))
    payload = _counted(context, page, "counts/all", ARCHIVE_QUERY_LENGTH)
    if page.start > whole.start:
        payload["meta"]["next_token"] = make_token((page.start - UNIX) // MILLISECOND, seal)
    return payload


def _newest_part(whole: Window, end: datetime, granularity: str) -> Window:
    """Up to 31 days before `end`, begun so that no bucket is split between two pages."""
    start = max(whole.start, ceiling(end - PAGE, granularity))
    return Window(start, end, max(whole.low, first_id(start)), min(whole.high, first_id(end)))


def _counted(context: Context, window: Window, kind: str, query_length: int) -> JsonObject:
    granularity = _granularity(context)
    context.params.items("search_count.fields", COUNT_FIELDS)
    posts = matching(context, context.params.query(query_length), window.low, window.high)
    context.ledger.charge_request(kind, context.now)
    data = histogram(posts, window, granularity)
    meta = {"total_tweet_count": sum(bucket["tweet_count"] for bucket in data)}
    return {"data": data, "meta": meta} if data else {"meta": meta}


def _granularity(context: Context) -> str:
    return context.params.choice("granularity", WIDTHS, "hour")
