"""Planned misbehaviour: the nth matching call from now, and the following times-1, go wrong in a given way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from threading import Event
from typing import Any

from xsim import problems
from xsim.clock import timestamp
from xsim.ids import first_id
from xsim.problems import ApiProblem
from xsim.web import Request, Response, html_response, json_response, redirect
from xsim.window import REACH

_HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass(frozen=True)
class Call:
    """`proceed` works the call off as usual; `refuse` makes the answer to a problem; `stopping` is the server's end."""

    request: Request
    now: datetime
    host: str
    proceed: Callable[[], Response]
    refuse: Callable[[ApiProblem], Response]
    stopping: Event


Fault = Callable[..., Response]


def rate_limited(call: Call, reset: str = "good") -> Response:
    """`reset`: good, missing, malformed or past."""
    answer = call.refuse(problems.too_many_requests())
    answer.headers["x-rate-limit-remaining"] = "0"
    moments = {"good": call.now + timedelta(minutes=15), "past": call.now - timedelta(minutes=15)}
    values = {key: str(int(moment.timestamp())) for key, moment in moments.items()}
    answer.headers["x-rate-limit-reset"] = {**values, "missing": None, "malformed": "soon"}[reset]
    return answer


def usage_capped(call: Call) -> Response:
    return call.refuse(problems.usage_capped())


def credits_depleted(call: Call, spelling: str = "CreditsDepleted") -> Response:
    """`spelling`: CreditsDepleted or credits-depleted."""
    return call.refuse(problems.credits_depleted(spelling))


def unauthorized(call: Call) -> Response:
    return call.refuse(problems.unauthorized())


def forbidden(call: Call) -> Response:
    return call.refuse(problems.forbidden())


def stale_since_id(call: Call) -> Response:
    since, floor = call.request.params().get("since_id", "1"), call.now - REACH
    return call.refuse(problems.stale_since_id(since, timestamp(floor), first_id(floor)))


def html_500(call: Call) -> Response:
    return html_response(500, _HTML.format("Internal Server Error"))


def html_503(call: Call) -> Response:
    return html_response(503, _HTML.format("Service Unavailable"))


def json_list_5xx(call: Call, status: int = 503) -> Response:
    return json_response(status, [{"code": 130, "message": "Over capacity"}])


def redirected(call: Call, to: str = "https://elsewhere.invalid") -> Response:
    return redirect(to + call.request.path)


def stall(call: Call, seconds: float = 60) -> Response:
    call.stopping.wait(seconds)
    return call.proceed()


def reset(call: Call) -> Response:
    return Response(0, wire="reset")


def lost_answer(call: Call) -> Response:
    """Worked off and billed, but the caller never hears of it."""
    call.proceed()
    return Response(0, wire="closed")


def truncated_json(call: Call, length: str = "cut") -> Response:
    """`length`: cut (Content-Length fits the half body) or full (the connection ends before the promised length)."""
    answer = call.proceed()
    if length == "full":
        return Response(answer.status, answer.body, answer.headers, "cut_short")
    return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)


def empty_200(call: Call) -> Response:
    return json_response(200, {})


def null_data(call: Call) -> Response:
    return _changed(call, lambda payload: payload | {"data": None})


def partial_errors(call: Call) -> Response:
    """The first item of `data` is missing, and an entry in `errors` says so."""
    return _changed(call, lambda payload: _without_first(payload, call.host))


def missing_text(call: Call) -> Response:
    return _changed(call, lambda payload: _each(payload, lambda item: {k: v for k, v in item.items() if k != "text"}))


def unknown_fields(call: Call) -> Response:
    new = {"brand_new_field": {"nested": [1, None]}}
    return _changed(call, lambda payload: _each(payload, lambda item: item | new) | new)


def repeated_token(call: Call) -> Response:
    """The next page's token is the one that led to this page."""
    given = call.request.params()
    token = given.get("next_token") or given.get("pagination_token")
    return (
        _changed(call, lambda payload: payload | {"meta": payload["meta"] | {"next_token": token}})
        if token
        else (call.proceed())
    )


def date_skew(call: Call, seconds: float = 600) -> Response:
    answer = call.proceed()
    answer.headers["Date"] = format_datetime(call.now + timedelta(seconds=seconds), usegmt=True)
    return answer


def _changed(call: Call, change: Callable[[Any], Any]) -> Response:
    answer = call.proceed()
    return answer.with_payload(change(answer.payload())) if answer.status == 200 else answer


def _each(payload: Any, change: Callable[[Any], Any]) -> Any:
    data = payload.get("data")
    return payload | {"data": [change(item) for item in data] if isinstance(data, list) else change(data or {})}


def _without_first(payload: Any, host: str) -> Any:
    data = payload.get("data")
    first, rest = (data[0], data[1:]) if isinstance(data, list) and data else (data or {}, None)
    error = problems.not_found(host, "tweet", "id", str(first.get("id", "1")))
    kept = payload | {"errors": [error]}
    return kept | {"data": rest} if rest else {key: value for key, value in kept.items() if key != "data"}


KINDS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        rate_limited, usage_capped, credits_depleted, unauthorized, forbidden, stale_since_id, html_500, html_503,
        json_list_5xx, stall, reset, lost_answer, truncated_json, empty_200, null_data, partial_errors, missing_text,
        unknown_fields, repeated_token, date_skew,
    )
} | {"redirect": redirected}  # fmt: skip


@dataclass
class _Plan:
    route: str
    fault: Fault
    nth: int
    times: int
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0

    def fires(self, template: str, path: str) -> bool:
        if self.route not in (template, path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    def __init__(self) -> None:
        self._plans: list[_Plan] = []

    def add(self, *, route: str, fault: str, nth: int = 1, times: int = 1, **options: Any) -> None:
        """`route` is a path, or a path's template such as /2/users/{id}/tweets."""
        self._plans.append(_Plan(route, KINDS[fault], nth, times, options))

    def clear(self) -> None:
        self._plans.clear()

    def pick(self, template: str, path: str) -> Callable[[Call], Response] | None:
        """What is to befall this call. Every plan counts the call, the oldest one that is due wins."""
        due = [plan for plan in self._plans if plan.fires(template, path)]
        if not due:
            return None
        chosen = due[0]
        return lambda call: chosen.fault(call, **chosen.options)
