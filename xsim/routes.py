"""The table of endpoints."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from xsim import counting, login, lookup, oembed, reading, usage
from xsim.context import Context
from xsim.fields import POST_NAMES
from xsim.problems import JsonObject
from xsim.web import Response

_PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Route:
    """`names` are the query parameters it knows; None means that it is no API endpoint and wants no bearer token."""

    method: str
    template: str
    handler: Callable[[Context], JsonObject | Response]
    names: frozenset[str] | None = None

    def match(self, path: str) -> dict[str, str] | None:
        found = re.fullmatch(_PART.sub(r"(?P<\1>[^/]+)", self.template), path)
        return {key: unquote(value) for key, value in found.groupdict().items()} if found else None


ROUTES = (
    Route("GET", "/2/tweets/counts/recent", counting.counts_recent, counting.COUNTS_NAMES),
    Route("GET", "/2/tweets/counts/all", counting.counts_all, counting.COUNTS_NAMES),
    Route("GET", "/2/tweets/search/recent", reading.search_recent, reading.SEARCH_NAMES),
    Route("GET", "/2/tweets", lookup.tweets_by_ids, lookup.LOOKUP_NAMES),
    Route("GET", "/2/tweets/{id}", lookup.tweet_by_id, POST_NAMES),
    Route("POST", "/2/tweets", lookup.create_tweet, frozenset()),
    Route("GET", "/2/users/me", lookup.users_me, lookup.USER_LOOKUP_NAMES),
    Route("GET", "/2/users/by/username/{username}", lookup.user_by_username, lookup.USER_LOOKUP_NAMES),
    Route("GET", "/2/users/{id}/tweets", reading.user_tweets, reading.TIMELINE_NAMES),
    Route("GET", "/2/usage/tweets", usage.usage_tweets, usage.USAGE_NAMES),
    Route("GET", "/i/oauth2/authorize", login.consent_page),
    Route("POST", "/i/oauth2/authorize", login.consent),
    Route("POST", "/2/oauth2/token", login.token),
    Route("POST", "/2/oauth2/revoke", login.revoke),
    Route("GET", "/oembed", oembed.oembed),
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in ROUTES:
        parts = route.match(path) if route.method == method else None
        if parts is not None:
            return route, parts
    return None
