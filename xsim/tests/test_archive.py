"""Counting posts over all time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from xsim import Clock, Simulator
from xsim.clock import timestamp
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, bucket_counts, message

ARCHIVE, COUNTS = "/2/tweets/counts/all", "/2/tweets/counts/recent"


def ago(**units: float) -> str:
    return timestamp(NOON - timedelta(**units))


def pages(get: Get, token_name: str = "next_token", **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = None
    while not found or token:
        answer = get(ARCHIVE, query="#tag", **params, **({token_name: token} if token else {}))
        found.append(answer.json())
        token = found[-1]["meta"].get("next_token")
    return found


def test_the_default_is_the_last_thirty_days_by_the_hour_up_to_30_seconds_ago(get: Get) -> None:
    (page,) = pages(get)
    assert page["data"][0]["start"] == ago(days=30, seconds=30)
    assert page["data"][-1] == {"start": ago(hours=1), "end": ago(seconds=30), "tweet_count": 0}
    assert len(page["data"]) == 30 * 24 + 1


@pytest.mark.parametrize("granularity", ["minute", "hour", "day"])
@pytest.mark.parametrize("token_name", ["next_token", "pagination_token"])
def test_pages_of_at_most_31_days_join_up_and_split_no_bucket(get: Get, granularity: str, token_name: str) -> None:
    found = pages(get, token_name, granularity=granularity, start_time=ago(days=75, minutes=10.5))
    buckets = [bucket for page in reversed(found) for bucket in page["data"]]
    assert len(found) == 3
    assert all(earlier["end"] == later["start"] for earlier, later in pairwise(buckets))
    assert (buckets[0]["start"], buckets[-1]["end"]) == (ago(days=75, minutes=10.5), ago(seconds=30))
    lengths = [_moment(page["data"][-1]["end"]) - _moment(page["data"][0]["start"]) for page in found]
    assert all(timedelta(days=30) < length <= timedelta(days=31) for length in lengths[:2])
    cut = {"minute": ":00.000Z", "hour": ":00:00.000Z", "day": "T00:00:00.000Z"}[granularity]
    assert all(bucket["start"].endswith(cut) for bucket in buckets[1:])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_every_page_has_its_own_total(simulator: Simulator, get: Get) -> None:
    for days in (1, 2, 40, 50, 70):
        simulator.add_post("ann", "#tag", at=NOON - timedelta(days=days))
    totals = [page["meta"]["total_tweet_count"] for page in pages(get, start_time=ago(days=80))]
    assert totals == [2, 2, 1]


def test_it_agrees_with_the_recent_counts(simulator: Simulator, get: Get) -> None:
    for minutes in (2, 61, 62, 6000):
        simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=minutes))
    window = {"start_time": ago(days=6), "end_time": ago(minutes=1), "granularity": "minute"}
    assert bucket_counts(get(ARCHIVE, query="#tag", **window)) == bucket_counts(get(COUNTS, query="#tag", **window))


def test_it_reaches_back_to_march_2006(get: Get) -> None:
    birth = "2006-03-21T00:00:00.000Z"
    found = pages(get, start_time=birth, end_time="2006-06-01T00:00:00Z", granularity="day")
    assert [len(page["data"]) for page in found] == [31, 31, 10]
    assert found[-1]["data"][0]["start"] == birth
    assert "on or after" in message(get(ARCHIVE, query="#tag", start_time="2006-03-20T23:59:59Z"))


def test_without_a_start_it_is_30_days_before_the_end(get: Get) -> None:
    (page,) = pages(get, end_time="2020-05-31T00:00:00Z", granularity="day")
    assert (page["data"][0]["start"], len(page["data"])) == ("2020-05-01T00:00:00.000Z", 30)


def test_ids_bound_it_exclusively_on_every_page(simulator: Simulator, get: Get) -> None:
    days = (80, 70, 40, 10)
    posts = [simulator.add_post("ann", "#tag", at=NOON - timedelta(days=day)) for day in days]
    found = pages(get, since_id=posts[0].id, until_id=posts[3].id, granularity="day")
    counted = [bucket["start"] for page in found for bucket in page["data"] if bucket["tweet_count"]]
    assert counted == [ago(days=40, hours=12), ago(days=70, hours=12)]
    (alone,) = pages(get, until_id=posts[3].id)
    assert alone["meta"]["total_tweet_count"] == 1


def test_a_window_without_time_has_no_buckets(simulator: Simulator, get: Get) -> None:
    newest = simulator.add_post("ann", "#tag")
    assert get(ARCHIVE, query="#tag", since_id=newest.id).json() == {"meta": {"total_tweet_count": 0}}


def test_its_tokens_are_bound_to_the_request(get: Get) -> None:
    token = pages(get, start_time=ago(days=40))[0]["meta"]["next_token"]
    start = {"start_time": ago(days=40), "next_token": token}
    assert "does not belong" in message(get(ARCHIVE, query="#other", **start))
    assert "does not belong" in message(get(ARCHIVE, query="#tag", granularity="day", **start))
    assert "does not belong" in message(get(COUNTS, query="#tag", next_token=token))


def test_a_token_holds_its_place_while_time_goes_on(simulator: Simulator, clock: Clock, get: Get) -> None:
    simulator.add_post("ann", "#tag", at=NOON - timedelta(days=39))
    start = {"query": "#tag", "start_time": ago(days=40)}
    first = get(ARCHIVE, **start).json()
    clock.advance(hours=5)
    second = get(ARCHIVE, **start, next_token=first["meta"]["next_token"]).json()
    assert second["data"][-1]["end"] == first["data"][0]["start"]
    assert second["meta"] == {"total_tweet_count": 1}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "can not be empty"),
        ({"query": "a" * 1025}, "too long"),
        ({"query": "a", "granularity": "week"}, "is not one of"),
        ({"query": "a", "end_time": timestamp(NOON - timedelta(seconds=9))}, "10 seconds"),
        ({"query": "a", "since_id": "1", "start_time": "2020-01-01T00:00:00Z"}, "in conjunction with"),
        ({"query": "a", "next_token": "madeup"}, "does not belong"),
    ],
)
def test_a_wrong_parameter_is_refused_and_free(
    simulator: Simulator, get: Get, params: dict[str, Any], words: str
) -> None:
    assert words in message(get(ARCHIVE, **params))
    assert simulator.bill() == 0


def test_a_query_may_be_longer_than_for_the_recent_counts(get: Get) -> None:
    assert get(ARCHIVE, query="a" * 1024).status_code == 200
    assert "too long" in message(get(COUNTS, query="a" * 1024))


def test_the_first_moment_is_a_whole_hour_in_any_zone(clock: Clock, get: Get) -> None:
    clock.set(datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC))
    (page,) = pages(get)
    assert (page["data"][0]["start"], len(page["data"])) == (ago(days=30), 720)
