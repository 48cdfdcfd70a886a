"""Things that happen between two calls."""

from datetime import timedelta

import pytest
import requests

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, ids

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


@pytest.fixture(autouse=True)
def posts(simulator: Simulator) -> list[str]:
    """Ids, newest first, a minute apart."""
    return [simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=i + 1)).id for i in range(25)]


def pages(get: Get) -> list[list[str]]:
    found, token = [], None
    while True:
        answer = get(SEARCH, query="#tag", **({"next_token": token} if token else {}))
        found.append(ids(answer))
        token = answer.json()["meta"].get("next_token")
        if token is None:
            return found


def test_an_action_follows_the_nth_call_from_now_once(simulator: Simulator, get: Get) -> None:
    get(SEARCH, query="#tag")
    seen: list[int] = []
    simulator.after(SEARCH, 2, lambda: seen.append(len(simulator.requests)))
    for _ in range(4):
        get(COUNTS, query="#tag")
        get(SEARCH, query="#tag")
    assert seen == [5]


def test_it_is_done_before_the_caller_has_the_answer(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(SEARCH, 1, lambda: simulator.delete_post(posts[0]))
    assert ids(get(SEARCH, query="#tag"))[0] == posts[0]
    assert ids(get(SEARCH, query="#tag"))[0] == posts[1]


def test_a_route_can_be_a_template_or_a_path(simulator: Simulator, get: Get, posts: list[str]) -> None:
    seen: list[str] = []
    simulator.after("/2/tweets/{id}", 2, lambda: seen.append("template"))
    simulator.after(f"/2/tweets/{posts[1]}", 1, lambda: seen.append("path"))
    get(f"/2/tweets/{posts[0]}")
    assert seen == []
    get(f"/2/tweets/{posts[1]}")
    assert seen == ["template", "path"]


def test_calls_that_go_wrong_count_too(simulator: Simulator, get: Get) -> None:
    seen: list[str] = []
    simulator.faults.add(route=SEARCH, fault="reset")
    simulator.after(SEARCH, 1, lambda: seen.append("done"))
    with pytest.raises(requests.ConnectionError):
        get(SEARCH, query="#tag")
    assert seen == ["done"]


def test_several_actions_follow_in_their_order(simulator: Simulator, get: Get) -> None:
    seen: list[int] = []
    for number in range(3):
        simulator.after(SEARCH, 1, lambda number=number: seen.append(number))
    get(SEARCH, query="#tag")
    assert seen == [0, 1, 2]


def test_a_post_deleted_between_two_pages(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(SEARCH, 1, lambda: simulator.delete_post(posts[14]))
    assert pages(get) == [posts[:10], posts[10:14] + posts[15:21], posts[21:]]


def test_the_last_post_of_a_page_deleted_before_the_next(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(SEARCH, 1, lambda: simulator.delete_post(posts[9]))
    assert pages(get) == [posts[:10], posts[10:20], posts[20:]]


def test_a_post_edited_between_two_pages_leaves_its_place(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(SEARCH, 1, lambda: simulator.edit_post(posts[14], "#tag changed"))
    assert pages(get) == [posts[:10], posts[10:14] + posts[15:21], posts[21:]]


def test_posts_indexed_late_turn_up_on_the_pages_still_to_come(
    simulator: Simulator, clock: Clock, get: Get, posts: list[str]
) -> None:
    later = NOON + timedelta(minutes=2)
    above, below = (
        simulator.add_post("bob", "#tag late", at=NOON - timedelta(minutes=minutes), indexed_at=later).id
        for minutes in (5.5, 15.5)
    )
    simulator.after(SEARCH, 1, lambda: clock.set(later))
    assert pages(get) == [posts[:10], [*posts[10:15], below, *posts[15:19]], posts[19:]]
    assert above in ids(get(SEARCH, query="#tag", max_results=100))


def test_a_new_post_between_two_pages_shifts_nothing(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(SEARCH, 1, lambda: simulator.add_post("bob", "#tag", at=NOON - timedelta(minutes=2.5)))
    assert pages(get) == [posts[:10], posts[10:20], posts[20:]]


def test_an_account_protected_between_two_pages(simulator: Simulator, get: Get, posts: list[str]) -> None:
    other = simulator.add_post("bob", "#tag", at=NOON - timedelta(hours=1)).id
    simulator.after(SEARCH, 1, lambda: simulator.protect_user("ann"))
    assert pages(get) == [posts[:10], [other]]


def test_counts_go_down_after_a_deletion(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.after(COUNTS, 1, lambda: simulator.delete_post(posts[3]))
    totals = [get(COUNTS, query="#tag").json()["meta"]["total_tweet_count"] for _ in range(2)]
    assert totals == [25, 24]
