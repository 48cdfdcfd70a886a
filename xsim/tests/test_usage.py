"""What the usage endpoint tells about the posts that were read."""

from datetime import timedelta
from typing import Any

import pytest

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import BEARER, Get, getter, message

USAGE, COUNTS = "/2/usage/tweets", "/2/tweets/counts/recent"
DAILY = "daily_project_usage,daily_client_app_usage"


def read(simulator: Simulator, get: Get, number: int) -> None:
    posts = [simulator.add_post("ann", "something").id for _ in range(number)]
    assert len(get("/2/tweets", ids=",".join(posts)).json()["data"]) == number


def usage(get: Get, **params: Any) -> dict[str, Any]:
    data: dict[str, Any] = get(USAGE, **params).json()["data"]
    return data


def test_without_fields_it_is_the_month_so_far_and_the_cap(simulator: Simulator, get: Get) -> None:
    read(simulator, get, 3)
    assert usage(get) == {
        "cap_reset_day": 1,
        "project_cap": 2_000_000,
        "project_id": "1001",
        "project_usage": 3,
    }
    simulator.ledger.cap = 5
    assert usage(get, usage__fields="project_cap") == {"project_cap": 5}


def test_only_posts_are_counted_and_each_once_a_day(simulator: Simulator, clock: Clock, get: Get) -> None:
    post = simulator.add_post("ann", "something")
    for _ in range(2):
        get("/2/tweets", ids=post.id, expansions="author_id")
        get(COUNTS, query="something")
        get("/2/users/by/username/ann")
    assert usage(get)["project_usage"] == 1
    clock.advance(days=1)
    get(f"/2/tweets/{post.id}")
    assert usage(get)["project_usage"] == 2


def test_every_month_begins_at_nothing(simulator: Simulator, clock: Clock, get: Get) -> None:
    read(simulator, get, 3)
    clock.set(NOON.replace(month=12, day=1))
    assert usage(get)["project_usage"] == 0
    read(simulator, get, 1)
    assert usage(get)["project_usage"] == 1


def test_days_are_listed_oldest_first_with_the_empty_ones(simulator: Simulator, clock: Clock, get: Get) -> None:
    read(simulator, get, 3)
    clock.advance(days=2)
    read(simulator, get, 1)
    shown = usage(get, usage__fields=DAILY, days=4)
    days = shown["daily_project_usage"]["usage"]
    assert [day["usage"] for day in days] == [0, 3, 0, 1]
    assert [day["date"] for day in days][::3] == ["2026-11-21T00:00:00.000Z", "2026-11-24T00:00:00.000Z"]
    assert shown["daily_project_usage"]["project_id"] == 1001
    assert shown["daily_client_app_usage"] == [{"client_app_id": "2002", "usage": days, "usage_result_count": 4}]


@pytest.mark.parametrize(("params", "number"), [({}, 7), ({"days": 1}, 1), ({"days": 90}, 90)])
def test_it_covers_seven_days_or_as_many_as_asked_for(get: Get, params: dict[str, int], number: int) -> None:
    assert len(usage(get, usage__fields=DAILY, **params)["daily_project_usage"]["usage"]) == number


def test_the_newer_vocabulary_says_its_numbers_as_text(clock: Clock) -> None:
    simulator = Simulator(bearer=BEARER, clock=clock, vocabulary="post")
    with simulator.serve() as url:
        read(simulator, getter(url), 2)
        shown = usage(getter(url), days=1, usage__fields=f"{DAILY},project_usage,project_cap,cap_reset_day")
    day = {"date": "2026-11-22T00:00:00.000Z", "usage": "2"}
    assert shown == {
        "cap_reset_day": 1,
        "project_cap": "2000000",
        "project_usage": "2",
        "daily_project_usage": {"project_id": "1001", "usage": [day]},
        "daily_client_app_usage": [{"client_app_id": "2002", "usage": [day], "usage_result_count": 1}],
    }


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"days": 0}, "not between 1 and 90"),
        ({"days": 91}, "not between 1 and 90"),
        ({"usage.fields": "dollars"}, "is not one of"),
        ({"months": 1}, "is not one of"),
    ],
)
def test_a_wrong_parameter_is_refused(get: Get, params: dict[str, Any], words: str) -> None:
    assert words in message(get(USAGE, **params))


def test_asking_is_free_and_limited_to_50_in_a_quarter_of_an_hour(simulator: Simulator, get: Get) -> None:
    assert get(USAGE).headers["x-rate-limit-limit"] == "50"
    assert simulator.bill() == 0


def test_the_bill_and_the_usage_agree(simulator: Simulator, clock: Clock, get: Get) -> None:
    for number in (2, 5, 1):
        read(simulator, get, number)
        clock.advance(timedelta(days=1).total_seconds())
    days = usage(get, usage__fields=DAILY)["daily_project_usage"]["usage"]
    billed = {f"{day}T00:00:00.000Z": amount for day, amount in simulator.ledger.per_day().items()}
    assert {day["date"]: day["usage"] * simulator.ledger.prices["post"] for day in days if day["usage"]} == billed
