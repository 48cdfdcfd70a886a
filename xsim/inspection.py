"""What people who look at a running simulator can read: /_sim/bill and /_sim/requests."""

from collections.abc import Iterable

from xsim.clock import timestamp
from xsim.ledger import Ledger
from xsim.problems import JsonObject
from xsim.web import Record, Request, Response, json_response


def look(request: Request, ledger: Ledger, records: Iterable[Record]) -> Response | None:
    """The answer to a request for one of these pages; None for every other request."""
    if request.method != "GET":
        return None
    if request.path == "/_sim/bill":
        return json_response(200, _bill(ledger))
    if request.path == "/_sim/requests":
        return json_response(200, _requests(records))
    return None


def _bill(ledger: Ledger) -> JsonObject:
    """Dollars as strings, so that no digit is lost."""
    units = dict(ledger.units)
    amounts = {kind: str(amount) for kind, amount in ledger.amounts().items()}
    days = {day.isoformat(): str(amount) for day, amount in ledger.per_day().items()}
    return {"total": str(ledger.total()), "amounts": amounts, "units": units, "days": days}


def _requests(records: Iterable[Record]) -> list[JsonObject]:
    return [record._asdict() | {"time": timestamp(record.time)} for record in records]
