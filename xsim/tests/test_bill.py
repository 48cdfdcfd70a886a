"""What the calls would have cost."""

from datetime import timedelta
from decimal import Decimal

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


def test_nothing_is_owed_at_first(simulator: Simulator) -> None:
    assert simulator.bill() == Decimal(0)


def test_every_count_request_costs_half_a_cent(simulator: Simulator, get: Get) -> None:
    get(COUNTS, query="#tag")
    get(COUNTS, query="#tag")
    assert simulator.bill() == Decimal("0.010")


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
    }
    assert get("/_sim/requests").json()[0]["path"] == COUNTS
