"""Search and timelines."""

from collections.abc import Iterator

from xsim.context import Context
from xsim.corpus import Post
from xsim.fields import POST_NAMES
from xsim.paging import TOKEN_NAMES, page, seal_of, upper_bound
from xsim.params import QUERY_LENGTH, check_id
from xsim.posts import posts_payload
from xsim.problems import JsonObject
from xsim.query import Query
from xsim.visibility import timeline_problem
from xsim.window import NAMES, recent_window, timeline_window

SEARCH_NAMES = NAMES | TOKEN_NAMES | POST_NAMES | {"query", "max_results", "sort_order"}
TIMELINE_NAMES = NAMES | POST_NAMES | {"max_results", "pagination_token", "exclude"}
_EXCLUDED = {"replies": "replied_to", "retweets": "retweeted"}


def search_recent(context: Context) -> JsonObject:
    params = context.params
    size = params.integer("max_results", 10, 100, 10)
    params.choice("sort_order", ("recency", "relevancy"), "recency")
    window = recent_window(params, context.now)
    seal = seal_of(context.request.path, params)
    high = upper_bound(params, seal, window.high)
    shown, meta = page(matching(context, params.query(QUERY_LENGTH), window.low, high), size, seal)
    return posts_payload(context, shown) | {"meta": meta}


def user_tweets(context: Context) -> JsonObject:
    params = context.params
    author = check_id("id", context.path["id"])
    size = params.integer("max_results", 5, 100, 10)
    hidden = [_EXCLUDED[item] for item in params.items("exclude", _EXCLUDED)]
    window = timeline_window(params, context.now)
    seal = seal_of(context.request.path, params)
    high = upper_bound(params, seal, window.high)
    problem = timeline_problem(context, author)
    if problem:
        return {"errors": [problem]}
    everything = context.corpus.newest_first(window.low, high, context.now, author)
    own = (post for post in everything if not any(map(post.refers, hidden)))
    shown, meta = page(own, size, seal)
    return posts_payload(context, shown) | {"meta": meta}


def matching(context: Context, query: Query, low: int, high: int) -> Iterator[Post]:
    """The posts with low <= id < high, newest first."""
    everything = context.corpus.newest_first(low, high, context.now)
    return (post for post in everything if query.matches(post, context.corpus))
