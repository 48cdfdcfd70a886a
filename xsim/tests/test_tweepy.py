"""The simulator as tweepy 4.17.0 sees it."""

from datetime import timedelta
from typing import Any

import pytest
import tweepy

from xsim import Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import tweepy_client

SEARCH = "/2/tweets/search/recent"


@pytest.fixture
def client(url: str) -> Any:
    return tweepy_client(url)


@pytest.fixture(autouse=True)
def posts(simulator: Simulator) -> list[str]:
    """Ids, newest first."""
    made = [simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=i + 1)) for i in range(25)]
    return [post.id for post in made]


def test_counts(client: Any) -> None:
    answer = client.get_recent_tweets_count("#tag", granularity="minute", start_time=NOON - timedelta(hours=1))
    assert len(answer.data) == 60
    assert answer.meta["total_tweet_count"] == 25


def test_paging_through_a_search(client: Any, posts: list[str]) -> None:
    found = tweepy.Paginator(client.search_recent_tweets, "#tag", max_results=10)
    assert [str(post.id) for page in found for post in page.data] == posts


def test_expanded_authors(client: Any) -> None:
    answer = client.search_recent_tweets("#tag", expansions=["author_id"], tweet_fields=["created_at"])
    assert [user.username for user in answer.includes["users"]] == ["ann"]
    assert answer.data[0].created_at == NOON - timedelta(minutes=1)


def test_looking_up_posts_and_users(client: Any, posts: list[str]) -> None:
    assert [str(post.id) for post in client.get_tweets(posts[:3]).data] == posts[:3]
    user = client.get_user(username="ann").data
    assert [str(post.id) for post in client.get_users_tweets(user.id, max_results=5).data] == posts[:5]


def test_a_rate_limit_without_reset_is_too_many_requests(simulator: Simulator, client: Any) -> None:
    simulator.faults.add(route=SEARCH, fault="rate_limited", reset="missing")
    with pytest.raises(tweepy.TooManyRequests):
        client.search_recent_tweets("#tag")


def test_a_malformed_reset_breaks_tweepy(simulator: Simulator, client: Any) -> None:
    simulator.faults.add(route=SEARCH, fault="rate_limited", reset="malformed")
    with pytest.raises(ValueError, match="soon"):
        client.search_recent_tweets("#tag")


def test_a_5xx_list_breaks_tweepy(simulator: Simulator, client: Any) -> None:
    simulator.faults.add(route=SEARCH, fault="json_list_5xx")
    with pytest.raises(AttributeError):
        client.search_recent_tweets("#tag")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("unauthorized", tweepy.Unauthorized),
        ("forbidden", tweepy.Forbidden),
        ("stale_since_id", tweepy.BadRequest),
        ("usage_capped", tweepy.TooManyRequests),
        ("credits_depleted", tweepy.HTTPException),
        ("html_503", tweepy.TwitterServerError),
    ],
)
def test_refusals_are_tweepys_exceptions(simulator: Simulator, client: Any, fault: str, error: type) -> None:
    simulator.faults.add(route=SEARCH, fault=fault)
    with pytest.raises(error):
        client.search_recent_tweets("#tag")
