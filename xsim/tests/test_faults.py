"""Planned misbehaviour as the caller sees it."""

from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
import requests

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, getter, ids, message

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
