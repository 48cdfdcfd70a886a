"""Planned misbehaviour as the caller sees it."""

from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from xsim import Clock, Simulator
from xsim.faults import KINDS
from xsim.tests.conftest import NOON
from xsim.tests.helpers import BEARER, Get, getter, ids, message
from xsim.web import Request

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


@pytest.fixture(autouse=True)
def posts(simulator: Simulator) -> list[str]:
    """Ids, newest first."""
    return [simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=i + 1)).id for i in range(25)]


def search(get: Get, **params: Any) -> requests.Response:
    return get(SEARCH, query="#tag", **params)


def test_only_the_planned_calls_are_hit(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="html_503", nth=2, times=2)
    assert [search(get).status_code for _ in range(5)] == [200, 503, 503, 200, 200]


def test_other_routes_are_left_alone(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=COUNTS, fault="html_503")
    assert search(get).status_code == 200


def test_a_route_can_be_a_template_or_a_path(simulator: Simulator, get: Get) -> None:
    user = simulator.add_user("bob")
    for route in ("/2/users/{id}/tweets", f"/2/users/{user.id}/tweets"):
        simulator.faults.add(route=route, fault="forbidden")
        assert get(f"/2/users/{user.id}/tweets").status_code == 403


def test_plans_can_be_dropped(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="html_500")
    simulator.faults.clear()
    assert search(get).status_code == 200


@pytest.mark.parametrize(
    ("reset", "seen"),
    [
        ("good", str(int(NOON.timestamp()) + 900)),
        ("past", str(int(NOON.timestamp()) - 900)),
        ("malformed", "soon"),
        ("missing", None),
    ],
)
def test_rate_limits_come_with_any_kind_of_reset(simulator: Simulator, get: Get, reset: str, seen: str | None) -> None:
    simulator.faults.add(route=SEARCH, fault="rate_limited", reset=reset)
    answer = search(get)
    assert answer.status_code == 429
    assert answer.headers.get("x-rate-limit-reset") == seen


def test_a_used_up_cap_is_a_429_of_its_own_type(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="usage_capped")
    answer = search(get)
    assert answer.status_code == 429
    assert answer.json()["type"].endswith("/usage-capped")


def test_depleted_credits_are_spelled_in_two_ways(simulator: Simulator, get: Get) -> None:
    for spelling in ("CreditsDepleted", "credits-depleted"):
        simulator.faults.add(route=SEARCH, fault="credits_depleted", spelling=spelling)
        answer = search(get)
        assert answer.status_code == 402
        assert spelling in (answer.json()["title"], answer.json()["type"].rpartition("/")[2])


@pytest.mark.parametrize(
    ("fault", "status"), [("unauthorized", 401), ("forbidden", 403), ("html_500", 500), ("html_503", 503)]
)
def test_plain_refusals(simulator: Simulator, get: Get, fault: str, status: int) -> None:
    simulator.faults.add(route=SEARCH, fault=fault)
    answer = search(get)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html" if status >= 500 else "application/problem+json")
    assert simulator.bill() == 0


def test_a_5xx_can_be_a_json_list(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="json_list_5xx", status=500)
    answer = search(get)
    assert answer.status_code == 500
    assert isinstance(answer.json(), list)


def test_a_stale_since_id_can_be_forced(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="stale_since_id")
    assert "must be a tweet id created after" in message(search(get))


def test_a_stalled_call_is_answered_late(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="stall", seconds=0.2)
    start = monotonic()
    assert search(get).status_code == 200
    assert monotonic() - start >= 0.2


def test_a_stalled_call_makes_no_other_wait(simulator: Simulator, url: str, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="stall", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        requests.get(url + SEARCH, timeout=0.1)
    assert search(get).status_code == 200


def test_a_stall_ends_with_the_server(simulator: Simulator) -> None:
    simulator.faults.add(route=SEARCH, fault="stall", seconds=30)
    start = monotonic()
    with simulator.serve() as url, pytest.raises(requests.ReadTimeout):
        requests.get(url + SEARCH, timeout=0.1)
    assert monotonic() - start < 1


def test_a_reset_connection_was_never_worked_off(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="reset")
    with pytest.raises(requests.ConnectionError):
        search(get)
    assert simulator.bill() == 0
    assert simulator.requests[-1].status == 0


def test_a_lost_answer_was_worked_off_and_billed(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=COUNTS, fault="lost_answer")
    with pytest.raises(requests.ConnectionError):
        get(COUNTS, query="#tag")
    assert str(simulator.bill()) == "0.005"


def test_truncated_json_does_not_parse(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="truncated_json")
    with pytest.raises(requests.JSONDecodeError):
        search(get).json()


def test_a_body_can_end_before_its_promised_length(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="truncated_json", length="full")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        search(get)


def test_a_200_can_be_without_data_or_with_null(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="empty_200")
    assert search(get).json() == {}
    simulator.faults.add(route=SEARCH, fault="null_data")
    assert search(get).json()["data"] is None


def test_partial_errors_replace_the_first_item(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.faults.add(route="/2/tweets", fault="partial_errors", times=2)
    answer = get("/2/tweets", ids=",".join(posts[:3]))
    assert ids(answer) == posts[1:3]
    assert answer.json()["errors"][0]["resource_id"] == posts[0]
    assert list(get("/2/tweets", ids=posts[0]).json()) == ["errors"]


def test_texts_can_be_missing(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="missing_text")
    assert not any("text" in post for post in search(get).json()["data"])


def test_unknown_fields_turn_up_everywhere(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="unknown_fields")
    answer = search(get).json()
    assert all("brand_new_field" in part for part in (answer, *answer["data"]))


def test_a_token_can_repeat_itself(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="repeated_token", nth=2)
    first = search(get).json()["meta"]["next_token"]
    assert search(get, next_token=first).json()["meta"]["next_token"] == first
    assert search(get, next_token=first).json()["meta"]["next_token"] != first


@pytest.mark.parametrize("token_name", ["next_token", "pagination_token"])
def test_a_page_can_begin_with_the_last_post_of_the_one_before(
    simulator: Simulator, get: Get, posts: list[str], token_name: str
) -> None:
    simulator.faults.add(route=SEARCH, fault="duplicate_across_pages", times=2)
    first = search(get)
    assert ids(first) == posts[:10]
    second = search(get, **{token_name: first.json()["meta"]["next_token"]})
    assert ids(second) == posts[9:19]
    third = search(get, **{token_name: second.json()["meta"]["next_token"]})
    assert ids(third) == posts[19:]
    assert simulator.ledger.units == {"post": 25}


def test_only_the_last_post_is_repeated_even_within_one_millisecond(simulator: Simulator, get: Get) -> None:
    made = [simulator.add_post("bob", "#same", at=NOON - timedelta(hours=1)).id for _ in range(15)][::-1]
    simulator.faults.add(route=SEARCH, fault="duplicate_across_pages", nth=2)
    token = get(SEARCH, query="#same").json()["meta"]["next_token"]
    assert ids(get(SEARCH, query="#same", next_token=token)) == made[9:]


def test_a_timeline_can_repeat_a_post_too(simulator: Simulator, get: Get, posts: list[str]) -> None:
    simulator.faults.add(route="/2/users/{id}/tweets", fault="duplicate_across_pages", nth=2)
    path = f"/2/users/{simulator.corpus.posts[int(posts[0])].author_id}/tweets"
    token = get(path).json()["meta"]["next_token"]
    assert ids(get(path, pagination_token=token)) == posts[9:19]


def test_counts_can_be_lower_for_once(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=COUNTS, fault="fewer_counts", nth=2)
    simulator.faults.add(route=COUNTS, fault="fewer_counts", nth=3, factor=0)
    answers = [get(COUNTS, query="#tag").json() for _ in range(4)]
    assert [answer["meta"]["total_tweet_count"] for answer in answers] == [25, 12, 0, 25]
    assert [sum(bucket["tweet_count"] for bucket in answer["data"]) for answer in answers] == [25, 12, 0, 25]
    assert [bucket["start"] for bucket in answers[1]["data"]] == [bucket["start"] for bucket in answers[0]["data"]]


def test_counts_can_be_lower_in_the_newer_vocabulary(clock: Clock) -> None:
    simulator = Simulator(bearer=BEARER, clock=clock, vocabulary="post")
    for _ in range(3):
        simulator.add_post("ann", "#tag", at=NOON - timedelta(minutes=1))
    simulator.faults.add(route="/2/tweets/counts/all", fault="fewer_counts")
    with simulator.serve() as url:
        answer = getter(url)("/2/tweets/counts/all", query="#tag").json()
    assert (answer["meta"]["total_post_count"], answer["data"][-1]["post_count"]) == (1, 1)


def test_an_answer_can_come_late_though_it_was_billed_at_once(simulator: Simulator, url: str) -> None:
    simulator.faults.add(route=COUNTS, fault="late_answer", seconds=30)
    headers = {"Authorization": f"Bearer {BEARER}"}
    with pytest.raises(requests.ReadTimeout):
        requests.get(url + COUNTS, {"query": "#tag"}, headers=headers, timeout=0.5)
    assert str(simulator.bill()) == "0.005"


def test_an_unauthorized_page_in_the_middle_can_be_asked_for_again(
    simulator: Simulator, get: Get, posts: list[str]
) -> None:
    simulator.faults.add(route=SEARCH, fault="unauthorized", nth=2)
    token = search(get).json()["meta"]["next_token"]
    assert search(get, next_token=token).status_code == 401
    assert ids(search(get, next_token=token)) == posts[10:20]


def test_what_a_partial_error_leaves_out_is_not_paid_for(simulator: Simulator, get: Get, posts: list[str]) -> None:
    three = ",".join(posts[:3])
    simulator.faults.add(route="/2/tweets", fault="partial_errors", nth=1)
    get("/2/tweets", ids=three)
    assert simulator.ledger.units == {"post": 2}
    get("/2/tweets", ids=three)
    assert simulator.ledger.units == {"post": 3}
    simulator.faults.add(route="/2/tweets", fault="partial_errors")
    get("/2/tweets", ids=three)
    assert simulator.ledger.units == {"post": 3}


def test_a_missing_user_is_not_paid_for_either(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route="/2/users/by/username/{username}", fault="partial_errors")
    answer = get("/2/users/by/username/ann").json()
    assert list(answer) == ["errors"]
    assert answer["errors"][0]["resource_type"] == "user"
    assert simulator.bill() == 0


def _look(simulator: Simulator, kind: str, path: str, token: str) -> Any:
    """All that a caller sees of an answer, without sockets."""
    params = {"query": "#tag"} | ({"next_token": token} if "search" in path else {})
    answer = simulator.answer(Request("GET", path, urlencode(params), {"Authorization": f"Bearer {BEARER}"}))
    headers = {key: value for key, value in answer.headers.items() if not key.startswith("x-rate") or kind in key}
    return answer.status, answer.body, headers, answer.wire


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"stall", "late_answer"}))
def test_every_fault_can_be_put_on_any_call(simulator: Simulator, get: Get, kind: str) -> None:
    path = COUNTS if kind == "fewer_counts" else SEARCH
    token = search(get).json()["meta"]["next_token"]
    plain = _look(simulator, kind, path, token)
    simulator.faults.add(route=path, fault=kind, nth=2, times=2)
    hit = [_look(simulator, kind, path, token) != plain for _ in range(4)]
    assert hit == [False, True, True, False]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_fault_breaks_an_endpoint_it_was_not_made_for(simulator: Simulator, url: str, kind: str) -> None:
    simulator.add_user("bob", id="77")
    paths = (
        "/2/tweets/counts/all",
        "/2/usage/tweets",
        "/2/users/77/tweets",
        "/2/users/99/tweets",
        "/2/tweets/1",
        "/oembed",
    )
    for path in paths:
        simulator.faults.add(route=path, fault=kind, **({"seconds": 0} if kind in ("stall", "late_answer") else {}))
        params = {"query": "#tag"} if "counts" in path else {}
        simulator.answer(Request("GET", path, urlencode(params), {"Authorization": f"Bearer {BEARER}"}))


def test_the_date_header_is_ten_minutes_off_by_default(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="date_skew")
    assert search(get).headers["Date"] == "Sun, 22 Nov 2026 12:10:00 GMT"


def test_the_date_header_can_be_off(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="date_skew", seconds=-600)
    assert search(get).headers["Date"] == "Sun, 22 Nov 2026 11:50:00 GMT"


def test_a_redirect_points_to_another_host(simulator: Simulator, get: Get) -> None:
    simulator.faults.add(route=SEARCH, fault="redirect")
    answer = search(get)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"https://elsewhere.invalid{SEARCH}"


def test_an_unknown_fault_is_refused_when_planned(simulator: Simulator) -> None:
    with pytest.raises(KeyError):
        simulator.faults.add(route=SEARCH, fault="earthquake")


def test_faults_reach_the_login_too(simulator: Simulator, clock: Clock, url: str) -> None:
    simulator.faults.add(route="/2/users/me", fault="credits_depleted")
    assert getter(url)("/2/users/me").status_code == 402


def test_an_attempt_to_post_is_remembered_even_if_a_fault_hides_it(simulator: Simulator, url: str) -> None:
    simulator.faults.add(route="/2/tweets", fault="html_503")
    assert requests.post(f"{url}/2/tweets", json={}, timeout=5).status_code == 503
    assert simulator.posted == ["{}"]
