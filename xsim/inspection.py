"""What people who look at a running simulator can read: /_sim/bill and /_sim/requests."""

from typing import TYPE_CHECKING

from xsim.clock import timestamp
from xsim.problems import JsonObject
from xsim.web import Request, Response, json_response

if TYPE_CHECKING:
    from xsim.simulator import Simulator


def look(simulator: "Simulator", request: Request) -> Response | None:
    if request.method != "GET":
        return None
    if request.path == "/_sim/bill":
        return json_response(200, _bill(simulator))
    if request.path == "/_sim/requests":
        return json_response(200, _requests(simulator))
    return None


def _bill(simulator: "Simulator") -> JsonObject:
    """Dollars as strings, so that no digit is lost."""
    units = dict(simulator.ledger.units)
    amounts = {kind: str(amount) for kind, amount in simulator.ledger.amounts().items()}
    days = {day.isoformat(): str(amount) for day, amount in simulator.ledger.per_day().items()}
    return {"total": str(simulator.bill()), "amounts": amounts, "units": units, "days": days}


def _requests(simulator: "Simulator") -> list[JsonObject]:
    return [record._asdict() | {"time": timestamp(record.time)} for record in list(simulator.requests)]
