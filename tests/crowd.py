"""Many people at one address, what the page asks them for, and how browsers answer."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from altcha.v2 import Challenge, solve_challenge
from django.http import HttpResponse
from django.test import Client

from tests.html import Html


@dataclass(frozen=True)
class Asked:
    """What a page with a challenge asks for."""

    page: str
    ticket: str
    seconds: int
    work: dict[str, Any]
    proof: str

    @property
    def tries(self) -> int:
        return int(self.work["parameters"]["data"]["tries"])

    def solved(self) -> str:
        """The proof, as static/js/prove.js makes it."""
        challenge = Challenge.from_dict(self.work)
        solution = solve_challenge(challenge, timeout=300)
        assert solution
        payload = {"challenge": self.work, "solution": solution.to_dict()}
        return base64.b64encode(json.dumps(payload).encode()).decode()


def asked(response: HttpResponse) -> Asked:
    page = Html(response)
    challenge, sent = page.one("[data-work]"), page.fields("form:has([data-work])")
    work, ticket, seconds = challenge["data-work"], sent["ticket"], int(page.one("[data-seconds]")["data-seconds"])
    assert ticket, page.text
    return Asked(response.content.decode(), ticket, seconds, json.loads(work) if work else {}, sent["proof"])


def crowd(client: Client, path: str, fields: dict[str, str], number: int, **more: Any) -> None:
    """So many forms that are taken as they come."""
    for index in range(number):
        response = client.post(path, fields | {"email": f"crowd-{index}@example.org"}, **more)
        assert response.status_code == 303


def read(proof: str) -> dict[str, Any]:
    return json.loads(base64.b64decode(proof))


def written(proof: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(proof).encode()).decode()
