"""Requests and answers, free of sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

from xsim.problems import invalid

# What happens on the wire: the whole answer; nothing and a polite or a hard close; half the promised body.
Wire = Literal["whole", "closed", "reset", "cut_short"]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def check_repetitions(self) -> None:
        seen: set[str] = set()
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            if name in seen:
                raise invalid(name, value, f"Duplicate parameters are not allowed: the `{name}` query parameter")
            seen.add(name)

    def header(self, name: str) -> str:
        return self.headers.get(name) or ""

    def bearer(self) -> str | None:
        scheme, _, token = self.header("Authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None


@dataclass
class Response:
    """A header that is None is left out, even if it would be added by default."""

    status: int
    body: bytes = b""
    headers: dict[str, str | None] = field(default_factory=dict)
    wire: Wire = "whole"

    def payload(self) -> Any:
        return json.loads(self.body)

    def with_payload(self, payload: Any) -> "Response":
        return Response(self.status, _encode(payload), self.headers, self.wire)


class Record(NamedTuple):
    """One line of the request log; status 0 means that no answer was sent."""

    time: datetime
    method: str
    path: str
    params: dict[str, str]
    status: int


def json_response(status: int, payload: Any, content_type: str = "application/json; charset=utf-8") -> Response:
    return Response(status, _encode(payload), {"Content-Type": content_type})


def html_response(status: int, page: str) -> Response:
    return Response(status, page.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def redirect(location: str) -> Response:
    return Response(302, b"", {"Location": location})


def _encode(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()
