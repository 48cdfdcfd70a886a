"""Faults that answer without working the call off."""

from datetime import timedelta

from xsim import problems
from xsim.calls import Call
from xsim.clock import timestamp
from xsim.ids import first_id
from xsim.web import Response, html_response, json_response, redirect
from xsim.window import REACH

_HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


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


def empty_200(call: Call) -> Response:
    return json_response(200, {})


def redirected(call: Call, to: str = "https://elsewhere.invalid") -> Response:
    return redirect(to + call.request.path)
