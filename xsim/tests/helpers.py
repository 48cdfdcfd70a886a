"""Small things that several test files use."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter

BEARER = "test-bearer"
Get = Callable[..., requests.Response]


def session() -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    return made


def getter(url: str, bearer: str | None = BEARER) -> Get:
    """get(path, **params), where double underscores stand for dots: tweet__fields."""

    def get(path: str, **params: Any) -> requests.Response:
        query = {name.replace("__", "."): value for name, value in params.items()}
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return session().get(url + path, params=query, headers=headers, timeout=5, allow_redirects=False)

    return get


def message(answer: requests.Response) -> str:
    """The first error message of a 400 answer."""
    assert answer.status_code == 400, answer.text
    return str(answer.json()["errors"][0]["message"])


def ids(answer: requests.Response) -> list[str]:
    return [post["id"] for post in answer.json().get("data", [])]


class _Elsewhere(HTTPAdapter):
    """Sends what is meant for the API's host to another address."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.url = parts._replace(scheme="http", netloc=urlsplit(self._base).netloc).geturl()
        return super().send(request, *args, **options)


def tweepy_client(url: str, bearer: str = BEARER) -> Any:
    client = tweepy.Client(bearer_token=bearer)
    client.session.trust_env = False
    client.session.mount("https://api.twitter.com/", _Elsewhere(url))
    return client


def bucket_counts(answer: requests.Response, key: str = "tweet_count") -> dict[str, int]:
    """{start: count} of the buckets that are not empty."""
    data: list[Mapping[str, Any]] = answer.json()["data"]
    return {bucket["start"]: bucket[key] for bucket in data if bucket[key]}
