"""What a fault is given to work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from xsim.ledger import Ledger
from xsim.problems import ApiProblem
from xsim.web import Request, Response


@dataclass(frozen=True)
class Call:
    """`proceed` works the call off as usual, or another request in its place; `refuse` makes the answer to a problem;
    `stopping` is the server's end."""

    request: Request
    now: datetime
    host: str
    ledger: Ledger
    proceed: Callable[..., Response]
    refuse: Callable[[ApiProblem], Response]
    stopping: Event


Fault = Callable[..., Response]


def changed(call: Call, change: Callable[[Any], Any]) -> Response:
    """The usual answer with its JSON value changed; refusals are left alone."""
    answer = call.proceed()
    return answer.with_payload(change(answer.payload())) if answer.status == 200 else answer
