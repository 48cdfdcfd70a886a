"""What the calls would have cost."""

from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest
import requests

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get

COUNTS, SEARCH, ARCHIVE = "/2/tweets/counts/recent", "/2/tweets/search/recent", "/2/tweets/counts/all"


def test_nothing_is_owed_at_first(simulator: Simulator) -> None:
    assert simulator.bill() == Decimal(0)


def test_every_count_request_costs_half_a_cent(simulator: Simulator, get: Get) -> None:
    get(COUNTS, query="#tag")
    get(COUNTS, query="#tag")
    assert simulator.bill() == Decimal("0.010")


def test_every_page_of_the_counts_of_all_time_costs_one_cent(simulator: Simulator, get: Get) -> None:
    window = {"query": "#tag", "start_time": "2026-10-01T00:00:00Z"}
    token = get(ARCHIVE, **window).json()["meta"]["next_token"]
    assert simulator.bill() == Decimal("0.010")
    get(ARCHIVE, **window, next_token=token)
    assert simulator.ledger.amounts() == {"counts/all": Decimal("0.020")}


def test_a_lookup_costs_half_a_cent_for_each_post_found(simulator: Simulator, get: Get) -> None:
    first, second, third = (simulator.add_post("ann", "#tag").id for _ in range(3))
    get("/2/tweets", ids=f"{first},12345,{second}")
    assert simulator.bill() == Decimal("0.010")
    get(f"/2/tweets/{third}")
    get(f"/2/tweets/{third}", expansions="author_id")
    assert simulator.bill() == Decimal("0.025")
    get("/2/tweets/12345")
    assert simulator.bill() == Decimal("0.025")


def test_the_bill_of_each_utc_day_can_be_read(simulator: Simulator, clock: Clock, get: Get) -> None:
    post = simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=1))
    get(COUNTS, query="#tag")
    get(SEARCH, query="#tag", expansions="author_id")
    clock.set(NOON.replace(hour=23, minute=59))
    get("/2/tweets", ids=post.id)
    clock.advance(minutes=1)
    get("/2/tweets", ids=post.id)
    clock.advance(days=2)
    get(COUNTS, query="#tag")
    get(SEARCH, query="#nobody")
    per_day = simulator.ledger.per_day()
    assert list(per_day.items()) == [
        (date(2026, 11, 22), Decimal("0.020")),
        (date(2026, 11, 23), Decimal("0.005")),
        (date(2026, 11, 25), Decimal("0.005")),
    ]
    assert sum(per_day.values()) == simulator.bill()
    assert simulator.ledger.days[date(2026, 11, 22)] == {"counts/recent": 1, "post": 1, "user": 1}


def test_days_are_utc_days_whatever_the_clocks_zone(simulator: Simulator, clock: Clock, get: Get) -> None:
    clock.set(NOON.replace(hour=23).astimezone(timezone(timedelta(hours=5))))
    get(COUNTS, query="#tag")
    assert list(simulator.ledger.per_day()) == [date(2026, 11, 22)]
    simulator.ledger.charge_reads("post", ["1"], NOON.replace(hour=1).astimezone(timezone(timedelta(hours=-5))))
    assert list(simulator.ledger.per_day().values()) == [Decimal("0.010")]


def test_a_day_on_which_nothing_is_owed_is_not_listed(simulator: Simulator, get: Get) -> None:
    post = simulator.add_post("ann", "#tag")
    simulator.faults.add(route="/2/tweets", fault="partial_errors")
    get("/2/tweets", ids=post.id)
    get(SEARCH, query="#nobody")
    assert simulator.ledger.per_day() == {}
    assert simulator.bill() == Decimal(0)


@pytest.mark.parametrize("fault", ["lost_answer", "truncated_json", "null_data", "date_skew"])
def test_what_was_worked_off_is_billed_whatever_became_of_the_answer(
    simulator: Simulator, get: Get, fault: str
) -> None:
    simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=1))
    simulator.faults.add(route=SEARCH, fault=fault)
    try:
        get(SEARCH, query="#tag")
    except requests.ConnectionError:
        assert fault == "lost_answer"
    assert simulator.bill() == Decimal("0.005")
    get(SEARCH, query="#tag")
    assert simulator.bill() == Decimal("0.005")


def test_what_was_refused_on_the_way_is_not(simulator: Simulator, get: Get) -> None:
    for fault in ("rate_limited", "credits_depleted", "html_500", "json_list_5xx", "redirect", "empty_200"):
        simulator.faults.add(route=COUNTS, fault=fault)
        get(COUNTS, query="#tag")
    assert simulator.bill() == Decimal(0)


def test_prices_can_be_others(clock: Clock) -> None:
    simulator = Simulator(clock=clock, prices={"post": Decimal("1.5")})
    simulator.ledger.charge_reads("post", ["1", "2"], NOON)
    simulator.ledger.charge_reads("user", ["1"], NOON)
    assert simulator.bill() == Decimal("3.010")


def test_a_post_is_paid_once_a_utc_day(simulator: Simulator, clock: Clock, get: Get) -> None:
    post = simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=1))
    get(SEARCH, query="#tag")
    get("/2/tweets", ids=post.id)
    assert simulator.bill() == Decimal("0.005")
    clock.advance(hours=12)
    get(SEARCH, query="#tag")
    assert simulator.bill() == Decimal("0.010")


def test_expanded_users_and_posts_are_paid_too(simulator: Simulator, get: Get) -> None:
    question = simulator.add_post("bob", "a question", at=NOON - timedelta(hours=2))
    simulator.add_post("ann", "#tag", at=NOON - timedelta(hours=1), reply_to=question.id)
    get(SEARCH, query="#tag", expansions="author_id")
    assert simulator.bill() == Decimal("0.015")
    get(SEARCH, query="#tag", expansions="referenced_tweets.id")
    assert simulator.bill() == Decimal("0.020")


def test_a_user_looked_up_costs_one_cent_a_day(simulator: Simulator, get: Get) -> None:
    simulator.add_user("ann")
    get("/2/users/by/username/ann")
    get("/2/users/by/username/ann")
    assert simulator.bill() == Decimal("0.010")


def test_refused_and_empty_answers_cost_nothing(simulator: Simulator, get: Get) -> None:
    get(COUNTS)
    get(SEARCH, query="#tag")
    get("/2/tweets", ids="123")
    assert simulator.bill() == Decimal(0)


def test_the_bill_can_be_read_in_a_browser(simulator: Simulator, get: Get) -> None:
    get(COUNTS, query="#tag")
    assert get("/_sim/bill").json() == {
        "total": "0.005",
        "amounts": {"counts/recent": "0.005"},
        "units": {"counts/recent": 1},
        "days": {"2026-11-22": "0.005"},
    }
    assert get("/_sim/requests").json()[0]["path"] == COUNTS
