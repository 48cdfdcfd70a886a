"""Faults inside the JSON of a 200 answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from xsim import problems
from xsim.calls import Call, changed
from xsim.paging import TOKEN_NAMES, overlapping
from xsim.web import Response


def null_data(call: Call) -> Response:
    return changed(call, lambda payload: payload | {"data": None})


def partial_errors(call: Call) -> Response:
    """The first item of `data` is missing and not paid for, and an entry in `errors` says so."""
    paid = call.ledger.paid(call.now)

    def without_first(payload: Any) -> Any:
        data = payload.get("data")
        first, rest = (data[0], data[1:]) if isinstance(data, list) and data else (data or {}, None)
        kind, id_ = "user" if "username" in first else "post", str(first.get("id", "1"))
        if (kind, id_) not in paid:
            call.ledger.take_back(kind, id_, call.now)
        error = problems.not_found(call.host, "tweet" if kind == "post" else kind, "id", id_)
        kept = {key: value for key, value in payload.items() if key != "data"}
        return kept | ({"data": rest} if rest else {}) | {"errors": [*payload.get("errors", []), error]}

    return changed(call, without_first)


def missing_text(call: Call) -> Response:
    return changed(call, lambda payload: _each(payload, lambda item: {k: v for k, v in item.items() if k != "text"}))


def unknown_fields(call: Call) -> Response:
    new = {"brand_new_field": {"nested": [1, None]}}
    return changed(call, lambda payload: _each(payload, lambda item: item | new) | new)


def repeated_token(call: Call) -> Response:
    """The next page's token is the one that led to this page; a first page is as usual."""
    given = [value for name, value in call.request.params().items() if name in TOKEN_NAMES]
    if not given:
        return call.proceed()
    return changed(call, lambda payload: payload | {"meta": payload.get("meta", {}) | {"next_token": given[0]}})


def duplicate_across_pages(call: Call) -> Response:
    """The page begins with the last post of the page before it; a first page is as usual."""
    params = {
        name: overlapping(value) if name in TOKEN_NAMES else value for name, value in call.request.params().items()
    }
    return call.proceed(replace(call.request, query=urlencode(params)))


def fewer_counts(call: Call, factor: float = 0.5) -> Response:
    """Every bucket's number times the factor, rounded down, and the total to match; other answers are as usual."""

    def lowered(payload: Any) -> Any:
        total = next((key for key in payload.get("meta", {}) if key.startswith("total_")), None)
        if total is None:
            return payload
        data = [{key: _times(value, factor) for key, value in bucket.items()} for bucket in payload.get("data", [])]
        number = sum(bucket[total.removeprefix("total_")] for bucket in data)
        return payload | ({"data": data} if data else {}) | {"meta": payload["meta"] | {total: number}}

    return changed(call, lowered)


def _times(value: Any, factor: float) -> Any:
    return int(value * factor) if isinstance(value, int) else value


def _each(payload: Any, change: Callable[[Any], Any]) -> Any:
    data = payload.get("data")
    return payload | {"data": [change(item) for item in data] if isinstance(data, list) else change(data or {})}
