"""Reads from X through tweepy. Every call is one request, ends within seconds, and raises an XError or answers typed objects.

It only reads: nothing here, or anywhere, posts for anybody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import requests
from django.conf import settings

from actions.x import answers
from actions.x.errors import Malformed, Unheard, from_response
from core.web.transport import ForeignHost, ToBase

TWEEPY_BASE = "https://api.twitter.com"
# The fewest posts that X gives at once, and so the finest grain of what is spent.
PAGE = 10
POST_FIELDS = ["author_id", "created_at", "edit_history_tweet_ids"]


class Transport(ToBase):
    """Turns every answer but a 200 into a typed error before tweepy sees it: tweepy trips over several of them."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            response = super().send(request, *args, **kwargs)
            response.content  # noqa: B018  (read here, so that a broken body is a fault of the transport)
        except ForeignHost:
            raise
        except requests.RequestException as error:
            raise Unheard(type(error).__name__) from error
        if response.status_code != 200:
            raise from_response(response)
        return response


class XClient:
    def __init__(self, base: str, bearer: str, seconds: float = 10) -> None:
        # Only the processes that ask X have to load it.
        import tweepy

        self.tweepy = tweepy.Client(bearer, return_type=requests.Response, wait_on_rate_limit=False)
        session = self.tweepy.session
        session.trust_env = False
        session.max_redirects = 0
        for scheme in ("https://", "http://"):
            session.mount(scheme, Transport(base, instead_of=TWEEPY_BASE, seconds=seconds))

    def counts(self, query: str, start: datetime, end: datetime | None = None) -> answers.Counts:
        """Hourly numbers of posts that match, from `start` (at most 7 days back) until `end`, else until half a minute ago."""
        response = self.tweepy.get_recent_tweets_count(
            query, start_time=_rfc3339(start), end_time=_rfc3339(end) if end else None, granularity="hour"
        )
        return answers.counts(_body(response))

    def search(self, query: str, after: int, before: int | None = None) -> answers.Page:
        """The newest posts that match, with ids between `after` and `before`, both excluded; without their authors, who cost more."""
        response = self.tweepy.search_recent_tweets(
            query, since_id=after, until_id=before, max_results=PAGE, tweet_fields=POST_FIELDS
        )
        return answers.page(_body(response))

    def user(self, handle: str) -> answers.Found:
        return answers.found(_body(self.tweepy.get_user(username=handle)))

    def posts_of(self, user_id: int, after: int, before: int | None = None) -> answers.Page:
        response = self.tweepy.get_users_tweets(
            user_id, since_id=after, until_id=before, max_results=PAGE, tweet_fields=POST_FIELDS
        )
        return answers.page(_body(response))

    def posts(self, ids: list[int], with_authors: bool = False) -> answers.Page:
        """At most 100 posts by id."""
        expansions = ["author_id"] if with_authors else None
        return answers.looked_up(_body(self.tweepy.get_tweets(ids, tweet_fields=POST_FIELDS, expansions=expansions)))

    def usage(self) -> answers.Usage:
        """What X says that we have read in the last week."""
        asked = {"days": 7, "usage.fields": "daily_project_usage"}
        return answers.usage(_body(self.tweepy.request("GET", "/2/usage/tweets", params=asked)))


def from_settings() -> XClient | None:
    """None when no bearer token is set: then nothing is connected, and every page says so."""
    if not settings.X_BEARER_TOKEN:
        return None
    return XClient(settings.X_API_BASE, settings.X_BEARER_TOKEN, settings.X_TIMEOUT)


def _body(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise Malformed("not JSON") from error


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
