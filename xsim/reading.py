"""Counts, search and timelines."""

from collections.abc import Iterator

from xsim.buckets import WIDTHS, histogram
from xsim.context import Context
from xsim.corpus import Post
from xsim.fields import COUNT_FIELDS, POST_NAMES
from xsim.paging import TOKEN_NAMES, page, seal_of, upper_bound
from xsim.params import check_id
from xsim.posts import posts_payload
from xsim.problems import JsonObject, not_found
from xsim.window import NAMES, Window, recent_window, timeline_window

COUNTS_NAMES = NAMES | TOKEN_NAMES | {"query", "granularity", "search_count.fields"}
SEARCH_NAMES = NAMES | TOKEN_NAMES | POST_NAMES | {"query", "max_results", "sort_order"}
TIMELINE_NAMES = NAMES | POST_NAMES | {"max_results", "pagination_token", "exclude"}
_EXCLUDED = {"replies": "replied_to", "retweets": "retweeted"}


def counts_recent(context: Context) -> JsonObject:
    params = context.params
    granularity = params.choice("granularity", WIDTHS, "hour")
    params.items("search_count.fields", COUNT_FIELDS)
    window = recent_window(params, context.now)
    # Seven days fit in one answer, so no token was ever given out and any token is refused.
    high = upper_bound(params, -1, window.high)
    posts = _matching(context, window, high)
    context.ledger.charge_request("counts/recent")
    data = histogram(posts, window, granularity)
    meta = {"total_tweet_count": sum(bucket["tweet_count"] for bucket in data)}
    return {"data": data, "meta": meta} if data else {"meta": meta}


def search_recent(context: Context) -> JsonObject:
    params = context.params
    size = params.integer("max_results", 10, 100, 10)
    params.choice("sort_order", ("recency", "relevancy"), "recency")
    window = recent_window(params, context.now)
    seal = seal_of(context.request.path, params)
    posts = _matching(context, window, upper_bound(params, seal, window.high))
    shown, meta = page(posts, size, seal)
    return posts_payload(context, shown) | {"meta": meta}


def user_tweets(context: Context) -> JsonObject:
    params = context.params
    author = check_id("id", context.path["id"])
    size = params.integer("max_results", 5, 100, 10)
    hidden = [_EXCLUDED[item] for item in params.items("exclude", _EXCLUDED)]
    window = timeline_window(params, context.now)
    if author not in context.corpus.users:
        return {"errors": [not_found(context.vocabulary.host, "user", "id", author)]}
    seal = seal_of(context.request.path, params)
    high = upper_bound(params, seal, window.high)
    everything = context.corpus.newest_first(window.low, high, context.now)
    own = (post for post in everything if post.author_id == author and not any(map(post.refers, hidden)))
    shown, meta = page(own, size, seal)
    return posts_payload(context, shown) | {"meta": meta}


def _matching(context: Context, window: Window, high: int) -> Iterator[Post]:
    query = context.params.query()
    everything = context.corpus.newest_first(window.low, high, context.now)
    return (post for post in everything if query.matches(post, context.corpus))
