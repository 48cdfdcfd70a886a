"""Protected and suspended accounts, and withheld posts."""

from datetime import timedelta
from typing import Any

import pytest

from xsim import Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, ids

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


def add(simulator: Simulator, handle: str, **details: Any) -> str:
    return simulator.add_post(handle, "#tag", at=NOON - timedelta(hours=1), **details).id


def total(get: Get) -> int:
    return int(get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"])


@pytest.mark.parametrize("close", ["protect_user", "suspend_user"])
def test_posts_of_closed_accounts_vanish_from_search_and_counts(simulator: Simulator, get: Get, close: str) -> None:
    hidden, shown = add(simulator, "ann"), add(simulator, "bob")
    assert total(get) == 2
    getattr(simulator, close)("@Ann")
    assert ids(get(SEARCH, query="#tag")) == [shown]
    assert total(get) == 1
    simulator.restore_user("ann")
    assert set(ids(get(SEARCH, query="#tag"))) == {hidden, shown}


@pytest.mark.parametrize("close", ["protect_user", "suspend_user"])
def test_a_lookup_of_such_posts_is_not_authorized_and_free(simulator: Simulator, get: Get, close: str) -> None:
    hidden, shown = add(simulator, "ann"), add(simulator, "bob")
    getattr(simulator, close)("ann")
    answer = get("/2/tweets", ids=f"{hidden},{shown}")
    assert ids(answer) == [shown]
    (error,) = answer.json()["errors"]
    assert error["type"] == "https://api.twitter.com/2/problems/not-authorized-for-resource"
    assert (error["title"], error["resource_type"], error["section"]) == ("Authorization Error", "tweet", "data")
    assert (error["parameter"], error["value"], error["resource_id"]) == ("ids", hidden, hidden)
    single = get(f"/2/tweets/{hidden}").json()
    assert list(single) == ["errors"]
    assert single["errors"][0]["parameter"] == "id"
    assert simulator.ledger.units == {"post": 1}


def test_a_protected_user_can_still_be_looked_up(simulator: Simulator, get: Get) -> None:
    simulator.add_user("ann")
    path = "/2/users/by/username/ann"
    assert get(path, user__fields="protected").json()["data"]["protected"] is False
    simulator.protect_user("ann")
    assert get(path, user__fields="protected").json()["data"]["protected"] is True


def test_a_suspended_user_can_not(simulator: Simulator, get: Get) -> None:
    simulator.add_user("ann")
    simulator.suspend_user("ann")
    answer = get("/2/users/by/username/ann").json()
    assert list(answer) == ["errors"]
    assert answer["errors"][0]["title"] == "Forbidden"
    assert "suspended" in answer["errors"][0]["detail"]
    assert answer["errors"][0]["type"].endswith("/resource-not-found")
    assert simulator.bill() == 0


def test_timelines_of_closed_accounts_are_errors(simulator: Simulator, get: Get) -> None:
    add(simulator, "ann")
    user = simulator.corpus.user_named("ann")
    assert user
    path = f"/2/users/{user.id}/tweets"
    simulator.protect_user("ann")
    (protected,) = get(path).json()["errors"]
    assert (protected["type"].rpartition("/")[2], protected["resource_type"]) == ("not-authorized-for-resource", "user")
    simulator.suspend_user("ann")
    (suspended,) = get(path).json()["errors"]
    assert (suspended["title"], suspended["value"]) == ("Forbidden", user.id)
    simulator.restore_user("ann")
    assert len(ids(get(path))) == 1


def test_what_can_not_be_included_is_an_error_beside_the_posts(simulator: Simulator, get: Get) -> None:
    closed, gone = add(simulator, "ann"), add(simulator, "cem")
    answers = {add(simulator, "bob", reply_to=closed), add(simulator, "bob", reply_to=gone)}
    simulator.protect_user("ann")
    simulator.delete_post(gone)
    assert "errors" not in get(SEARCH, query="from:bob").json()
    answer = get(SEARCH, query="from:bob", expansions="referenced_tweets.id")
    assert set(ids(answer)) == answers
    assert "includes" not in answer.json()
    kinds = {error["value"]: error["type"].rpartition("/")[2] for error in answer.json()["errors"]}
    assert kinds == {closed: "not-authorized-for-resource", gone: "resource-not-found"}
    assert {error["parameter"] for error in answer.json()["errors"]} == {"referenced_tweets.id"}
    (section,) = {error["section"] for error in answer.json()["errors"] if "section" in error}
    assert section == "includes"


def test_suspended_people_are_not_included(simulator: Simulator, get: Get) -> None:
    first = add(simulator, "ann")
    add(simulator, "bob", reply_to=first)
    search = {"query": "from:bob", "expansions": "in_reply_to_user_id"}
    assert get(SEARCH, **search).json()["includes"]["users"][0]["username"] == "ann"
    simulator.suspend_user("ann")
    assert "includes" not in get(SEARCH, **search).json()


def test_a_withheld_post_says_where(simulator: Simulator, get: Get) -> None:
    post = add(simulator, "ann")
    assert "withheld" not in get(f"/2/tweets/{post}", tweet__fields="withheld").json()["data"]
    simulator.withhold_post(post, "DE", "TR")
    shown = get(f"/2/tweets/{post}", tweet__fields="withheld").json()["data"]
    assert shown["withheld"] == {"copyright": False, "country_codes": ["DE", "TR"]}
    simulator.withhold_post(post)
    assert "withheld" not in get(f"/2/tweets/{post}", tweet__fields="withheld").json()["data"]


def test_nobody_unknown_can_be_closed(simulator: Simulator) -> None:
    with pytest.raises(KeyError):
        simulator.protect_user("nobody")
