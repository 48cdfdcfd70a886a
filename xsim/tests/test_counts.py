"""Counting posts."""

from datetime import timedelta

import pytest

from xsim import Clock, Simulator
from xsim.clock import timestamp
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, bucket_counts

COUNTS = "/2/tweets/counts/recent"


def ago(**units: float) -> str:
    return timestamp(NOON - timedelta(**units))


def test_the_default_is_the_last_seven_days_by_the_hour_up_to_30_seconds_ago(get: Get) -> None:
    data = get(COUNTS, query="#tag").json()["data"]
    assert data[0]["start"] == ago(days=7)
    assert data[-1] == {"start": ago(hours=1), "end": ago(seconds=30), "tweet_count": 0}
    assert len(data) == 7 * 24


def test_buckets_are_aligned_and_only_the_outer_ones_are_cut_off(get: Get) -> None:
    data = get(COUNTS, query="#tag", start_time=ago(minutes=90), end_time=ago(minutes=5)).json()["data"]
    edges = [(bucket["start"][11:19], bucket["end"][11:19]) for bucket in data]
    assert edges == [("10:30:00", "11:00:00"), ("11:00:00", "11:55:00")]


@pytest.mark.parametrize(("granularity", "number"), [("minute", 60), ("hour", 1), ("day", 1)])
def test_each_granularity_has_its_number_of_buckets(get: Get, granularity: str, number: int) -> None:
    window = {"start_time": ago(hours=2), "end_time": ago(hours=1)}
    assert len(get(COUNTS, query="#tag", granularity=granularity, **window).json()["data"]) == number


def test_a_day_of_minutes_crosses_midnight(get: Get) -> None:
    data = get(COUNTS, query="#tag", granularity="day", start_time=ago(hours=13), end_time=ago(hours=1)).json()["data"]
    assert [bucket["start"] for bucket in data] == [ago(hours=13), ago(hours=12)]


def test_matching_posts_are_counted_in_their_bucket_and_in_total(simulator: Simulator, get: Get) -> None:
    for minutes in (5, 6, 61):
        simulator.add_post("ann", "one #tag", at=NOON - timedelta(minutes=minutes))
    simulator.add_post("ann", "another #topic", at=NOON - timedelta(minutes=5))
    answer = get(COUNTS, query="#TAG")
    assert bucket_counts(answer) == {ago(hours=1): 2, ago(hours=2): 1}
    assert answer.json()["meta"] == {"total_tweet_count": 3}


def test_the_start_is_inclusive_and_the_end_exclusive(simulator: Simulator, get: Get) -> None:
    for hours in (3, 2, 1):
        simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=hours))
    answer = get(COUNTS, query="#tag", start_time=ago(hours=3), end_time=ago(hours=1))
    assert answer.json()["meta"]["total_tweet_count"] == 2


def test_ids_bound_the_window_exclusively(simulator: Simulator, get: Get) -> None:
    posts = [simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=hours)) for hours in (3, 2, 1)]
    answer = get(COUNTS, query="#tag", since_id=posts[0].id, until_id=posts[2].id)
    assert bucket_counts(answer) == {ago(hours=2): 1}


def test_posts_of_the_last_30_seconds_are_not_counted_yet(simulator: Simulator, clock: Clock, get: Get) -> None:
    simulator.add_post("ann", "#tag")
    assert get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"] == 0
    clock.advance(31)
    assert get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"] == 1


def test_counts_go_down_when_a_post_is_deleted(simulator: Simulator, get: Get) -> None:
    post = simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=1))
    assert get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"] == 1
    simulator.delete_post(post.id)
    assert get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"] == 0


def test_an_empty_window_has_no_buckets(simulator: Simulator, get: Get) -> None:
    newest = simulator.add_post("ann", "#tag")
    assert get(COUNTS, query="#tag", since_id=newest.id).json() == {"meta": {"total_tweet_count": 0}}
