"""Requests that are refused, and with which words."""

from datetime import timedelta
from typing import Any

import pytest

from xsim import Simulator
from xsim.clock import timestamp
from xsim.ids import first_id
from xsim.tests.conftest import NOON
from xsim.tests.helpers import BEARER, Get, getter, message, session

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


def at(**before: float) -> str:
    return timestamp(NOON - timedelta(**before))


@pytest.mark.parametrize("bearer", [None, "wrong"])
def test_a_missing_or_wrong_bearer_is_a_401_problem(url: str, bearer: str | None) -> None:
    answer = getter(url, bearer)(SEARCH, query="a")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Unauthorized"


@pytest.mark.parametrize("path", [COUNTS, SEARCH])
@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "`query` query parameter can not be empty"),
        ({"query": ""}, "`query` query parameter can not be empty"),
        ({"query": "a" * 513}, "too long"),
        ({"query": "(a"}, "can not be processed"),
        ({"query": "a", "colour": "red"}, "[colour] is not one of"),
        ({"query": "a", "start_time": "yesterday"}, "date-time"),
        ({"query": "a", "start_time": "2026-11-22"}, "date-time"),
        ({"query": "a", "start_time": "2026-13-22T00:00:00Z"}, "no date"),
        ({"query": "a", "start_time": at(days=7, seconds=1)}, "'start_time' must be on or after"),
        ({"query": "a", "start_time": at(hours=1), "end_time": at(hours=1)}, "must be before"),
        ({"query": "a", "end_time": at(seconds=9)}, "10 seconds"),
        ({"query": "a", "since_id": "x"}, "not valid"),
        ({"query": "a", "since_id": str(first_id(NOON)), "start_time": at(hours=1)}, "in conjunction with"),
        ({"query": "a", "until_id": str(first_id(NOON)), "end_time": at(hours=1)}, "in conjunction with"),
        ({"query": "a", "next_token": "madeup"}, "does not belong"),
        ({"query": ["a", "b"]}, "Duplicate parameters"),
    ],
)
def test_a_wrong_parameter_is_refused(get: Get, path: str, params: dict[str, Any], words: str) -> None:
    assert words in message(get(path, **params))


def test_an_old_since_id_is_refused_with_the_time_it_must_be_newer_than(get: Get) -> None:
    old = first_id(NOON - timedelta(days=7, seconds=1))
    said = message(get(SEARCH, query="a", since_id=old))
    assert f"'since_id' must be a tweet id created after {at(days=7)}" in said
    assert said.endswith(str(first_id(NOON - timedelta(days=7))))


def test_the_edges_of_what_is_allowed_are_accepted(get: Get) -> None:
    assert get(SEARCH, query="a" * 512, start_time=at(days=7), end_time=at(seconds=10)).status_code == 200
    assert get(SEARCH, query="a", since_id=first_id(NOON - timedelta(days=7))).status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "words"),
    [
        (SEARCH, {"query": "a", "max_results": 9}, "not between 10 and 100"),
        (SEARCH, {"query": "a", "max_results": 101}, "not between 10 and 100"),
        (SEARCH, {"query": "a", "sort_order": "best"}, "is not one of"),
        (SEARCH, {"query": "a", "tweet.fields": "colour"}, "is not one of"),
        (SEARCH, {"query": "a", "expansions": "everything"}, "is not one of"),
        (COUNTS, {"query": "a", "granularity": "week"}, "is not one of"),
        (COUNTS, {"query": "a", "max_results": 10}, "is not one of"),
        ("/2/users/1/tweets", {"max_results": 4}, "not between 5 and 100"),
        ("/2/users/1/tweets", {"exclude": "quotes"}, "is not one of"),
        ("/2/users/one/tweets", {}, "not valid"),
        ("/2/tweets", {}, "can not be empty"),
        ("/2/tweets/x", {}, "not valid"),
        ("/2/tweets/1", {"ids": "1"}, "is not one of"),
        ("/2/tweets/1", {"tweet.fields": "colour"}, "is not one of"),
        ("/2/tweets", {"ids": "1,x"}, "not valid"),
        ("/2/tweets", {"ids": ",".join(map(str, range(1, 102)))}, "above 100"),
        ("/2/users/by/username/name-with-dash", {}, "not valid"),
    ],
)
def test_limits_of_single_endpoints(get: Get, path: str, params: dict[str, Any], words: str) -> None:
    assert words in message(get(path, **params))


def test_posting_is_forbidden_and_remembered(simulator: Simulator, url: str) -> None:
    headers = {"Authorization": f"Bearer {BEARER}"}
    answer = session().post(f"{url}/2/tweets", json={"text": "never"}, headers=headers, timeout=5)
    assert answer.status_code == 403
    assert simulator.posted == ['{"text": "never"}']


def test_unknown_paths_are_not_found(get: Get) -> None:
    assert get("/2/nothing").status_code == 404


def test_every_call_is_recorded_with_time_parameters_and_status(simulator: Simulator, get: Get) -> None:
    get(SEARCH, query="a")
    get(SEARCH)
    get("/_sim/bill")
    assert simulator.requests == [(NOON, "GET", SEARCH, {"query": "a"}, 200), (NOON, "GET", SEARCH, {}, 400)]


def test_the_date_header_follows_the_virtual_clock(get: Get) -> None:
    assert get(SEARCH, query="a").headers["Date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
