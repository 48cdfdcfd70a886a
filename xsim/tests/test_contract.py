"""The shapes that the project relies on, written down by hand: every answer of the simulator has them, in both vocabularies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from xsim import Simulator

NOW = datetime.now(UTC)


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def number_as_text(value: Any) -> bool:
    return text(value) and value.isdecimal()


def moment(value: Any) -> bool:
    return text(value) and value.endswith("Z") and bool(datetime.fromisoformat(value))


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def several(shape: Any) -> Any:
    return lambda value: isinstance(value, list) and value and all(fits(item, shape) for item in value)


def fits(value: Any, shape: Any) -> bool:
    """Whether a value has a shape: a test, or an object whose keys ending in ? may be absent and which has no others."""
    if callable(shape):
        return bool(shape(value))
    if not isinstance(value, dict) or set(value) - {key.rstrip("?") for key in shape}:
        return False
    return all(
        fits(value[key.rstrip("?")], inner) if key.rstrip("?") in value else key.endswith("?")
        for key, inner in shape.items()
    )


USER = {"id": number_as_text, "name": text, "username": text}
META = {
    "result_count": whole,
    "newest_id?": number_as_text,
    "oldest_id?": number_as_text,
    "next_token?": text,
    "previous_token?": text,
}
PROBLEM = {
    "title": text,
    "type": text,
    "detail?": text,
    "status?": whole,
    "errors?": several(lambda error: "message" in error),
    "reason?": text,
    "account_id?": whole,
    "period?": text,
    "scope?": text,
}


def post(words: str) -> dict[str, Any]:
    return {
        "id": number_as_text,
        "text": text,
        f"edit_history_{words}_ids": several(number_as_text),
        "author_id?": number_as_text,
        "created_at?": moment,
        "in_reply_to_user_id?": number_as_text,
    }


@pytest.fixture(params=["tweet", "post"])
def asked(request: pytest.FixtureRequest) -> Any:
    simulator = Simulator(bearer="token", vocabulary=request.param)
    simulator.add_user("ana", name="Ana", id="4711")
    for minutes in range(1, 14):
        simulator.add_post("ana", f"#River {minutes}", at=NOW - timedelta(minutes=minutes))
    with simulator.serve() as url:

        def ask(path: str, token: str = "token", **query: str) -> tuple[int, Any]:
            answer = requests.get(url + path, query, headers={"Authorization": f"Bearer {token}"}, timeout=5)
            assert answer.headers["x-rate-limit-limit"].isdecimal() or answer.status_code == 401
            return answer.status_code, answer.json()

        ask.words, ask.simulator = request.param, simulator
        yield ask


def test_counts(asked: Any) -> None:
    status, body = asked("/2/tweets/counts/recent", query="#River", granularity="hour")
    bucket = {"start": moment, "end": moment, f"{asked.words}_count": whole}
    assert status == 200
    assert fits(body, {"data": several(bucket), "meta": {f"total_{asked.words}_count": whole}})


def test_pages_of_counts(asked: Any) -> None:
    start = (NOW - timedelta(days=40)).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, body = asked("/2/tweets/counts/all", query="#River", granularity="day", start_time=start)
    bucket = {"start": moment, "end": moment, f"{asked.words}_count": whole}
    assert status == 200
    assert fits(body, {"data": several(bucket), "meta": {f"total_{asked.words}_count": whole, "next_token": text}})


def test_usage(asked: Any) -> None:
    number = whole if asked.words == "tweet" else number_as_text
    status, body = asked("/2/usage/tweets")
    assert status == 200
    month = {"cap_reset_day": whole, "project_cap": number, "project_id": number_as_text, "project_usage": number}
    assert fits(body, {"data": month})
    days = several({"date": moment, "usage": number})
    app = {"client_app_id": number_as_text, "usage": days, "usage_result_count": whole}
    fields = {"usage.fields": "daily_project_usage,daily_client_app_usage"}
    assert fits(
        asked("/2/usage/tweets", **fields)[1],
        {
            "data": {
                "daily_project_usage": {"project_id": number, "usage": days},
                "daily_client_app_usage": several(app),
            }
        },
    )


@pytest.mark.parametrize("path", ["/2/tweets/search/recent", "/2/users/4711/tweets"])
def test_pages_of_posts(asked: Any, path: str) -> None:
    query = {"query": "#River"} if "search" in path else {}
    fields = {f"{asked.words}.fields": "author_id,created_at,in_reply_to_user_id", "expansions": "author_id"}
    status, body = asked(path, **query, **fields, max_results="10")
    assert status == 200
    assert fits(body, {"data": several(post(asked.words)), "includes": {"users": several(USER)}, "meta": META})
    assert body["meta"]["next_token"]


def test_a_page_without_posts_has_no_data(asked: Any) -> None:
    status, body = asked("/2/tweets/search/recent", query="#Nobody")
    assert (status, body) == (200, {"meta": {"result_count": 0}})


def test_look_ups(asked: Any) -> None:
    known = asked("/2/tweets/search/recent", query="#River")[1]["data"][0]["id"]
    status, body = asked("/2/tweets", ids=f"{known},1")
    assert status == 200
    assert fits(
        body,
        {
            "data": several(post(asked.words)),
            "errors?": several(lambda error: {"title", "type", "detail"} <= set(error)),
        },
    )
    assert fits(asked(f"/2/tweets/{known}")[1], {"data": post(asked.words)})
    assert fits(asked("/2/users/by/username/ana")[1], {"data": USER})


@pytest.mark.parametrize("standing", ["public", "protected", "suspended"])
def test_errors_of_look_ups(asked: Any, standing: str) -> None:
    known = asked("/2/tweets/search/recent", query="#River")[1]["data"][0]["id"]
    if standing != "public":
        {"protected": asked.simulator.protect_user, "suspended": asked.simulator.suspend_user}[standing]("ana")
    error = {
        "type": text,
        "title": text,
        "detail": text,
        "resource_type": text,
        "resource_id": text,
        "parameter": text,
        "value": text,
        "section?": text,
    }
    wanted = known if standing != "public" else "1"
    assert fits(asked(f"/2/tweets/{wanted}")[1], {"errors": several(error)})
    user = "4711" if standing != "public" else "99"
    assert fits(asked(f"/2/users/{user}/tweets")[1], {"errors": several(error)})


def test_problems(asked: Any) -> None:
    assert asked("/2/tweets/counts/recent", token="wrong", query="#River")[0] == 401
    for fault, status in (
        ("rate_limited", 429),
        ("usage_capped", 429),
        ("credits_depleted", 402),
        ("forbidden", 403),
        ("unauthorized", 401),
    ):
        asked.simulator.faults.add(route="/2/tweets/counts/recent", fault=fault)
        answered, body = asked("/2/tweets/counts/recent", query="#River")
        assert answered == status
        assert fits(body, PROBLEM), (fault, body)
    answered, body = asked("/2/tweets/counts/recent", query="(#River")
    assert answered == 400
    assert fits(body, PROBLEM), body
