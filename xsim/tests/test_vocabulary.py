"""The same answers in the words of the newer description."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import BEARER, Get, getter, message

SEARCH = "/2/tweets/search/recent"


@pytest.fixture
def simulator(clock: Clock) -> Simulator:
    return Simulator(bearer=BEARER, clock=clock, vocabulary="post")


@pytest.fixture
def get(simulator: Simulator) -> Iterator[Get]:
    with simulator.serve() as url:
        yield getter(url)


def test_counts_are_post_counts(simulator: Simulator, get: Get) -> None:
    simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=5))
    answer = get("/2/tweets/counts/recent", query="#tag").json()
    assert answer["data"][-1]["post_count"] == 1
    assert answer["meta"] == {"total_post_count": 1}


@pytest.mark.parametrize("parameter", ["tweet.fields", "post.fields"])
@pytest.mark.parametrize("expansion", ["referenced_tweets.id", "referenced_posts"])
def test_either_vocabulary_is_understood_and_the_newer_one_answered(
    simulator: Simulator, get: Get, parameter: str, expansion: str
) -> None:
    question = simulator.add_post("bob", "a question", at=NOON - timedelta(minutes=9))
    reply = simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=5), reply_to=question.id)
    answer = get(SEARCH, query="#tag", expansions=expansion, **{parameter: "public_metrics"}).json()
    (shown,) = answer["data"]
    assert shown["edit_history_post_ids"] == [reply.id]
    assert shown["referenced_posts"] == [{"type": "replied_to", "id": question.id}]
    assert "repost_count" in shown["public_metrics"]
    assert [post["id"] for post in answer["includes"]["posts"]] == [question.id]


def test_single_posts_and_their_errors_are_of_the_newer_vocabulary(simulator: Simulator, get: Get) -> None:
    post = simulator.add_post("ann", "#tag")
    assert get(f"/2/tweets/{post.id}").json()["data"]["edit_history_post_ids"] == [post.id]
    simulator.protect_user("ann")
    (error,) = get(f"/2/tweets/{post.id}").json()["errors"]
    assert error["type"] == "https://api.x.com/2/problems/not-authorized-for-resource"


def test_the_counts_of_all_time_are_post_counts(simulator: Simulator, get: Get) -> None:
    simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=5))
    answer = get("/2/tweets/counts/all", query="#tag", start_time="2026-10-01T00:00:00Z").json()
    assert answer["data"][-1]["post_count"] == 1
    assert set(answer["meta"]) == {"total_post_count", "next_token"}


def test_problems_are_of_the_newer_host(get: Get) -> None:
    answer = get(SEARCH)
    assert message(answer)
    assert answer.json()["type"] == "https://api.x.com/2/problems/invalid-request"


def test_users_count_posts(simulator: Simulator, get: Get) -> None:
    simulator.add_user("ann")
    user = get("/2/users/by/username/ann", user__fields="public_metrics").json()["data"]
    assert "post_count" in user["public_metrics"]
