"""Faults on the way: of the connection, the length and the headers."""

from datetime import timedelta
from email.utils import format_datetime

from xsim.calls import Call
from xsim.web import Response


def stall(call: Call, seconds: float = 60) -> Response:
    """Nothing happens for that long (in real time); then the call is worked off."""
    call.stopping.wait(seconds)
    return call.proceed()


def late_answer(call: Call, seconds: float = 60) -> Response:
    """Worked off and billed at once, but answered that much later."""
    answer = call.proceed()
    call.stopping.wait(seconds)
    return answer


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


def date_skew(call: Call, seconds: float = 600) -> Response:
    answer = call.proceed()
    answer.headers["Date"] = format_datetime(call.now + timedelta(seconds=seconds), usegmt=True)
    return answer
