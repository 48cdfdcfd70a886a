"""How we speak to others over HTTP: to the configured address, with a time limit, and to nobody else."""

from __future__ import annotations

import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

SECONDS = 10


class ForeignHost(requests.RequestException):
    """The request was meant for a host that we do not talk to."""


class ToBase(HTTPAdapter):
    """Sends what is meant for `instead_of` to `base`; refuses everything else."""

    def __init__(self, base: str, instead_of: str, seconds: float = SECONDS) -> None:
        super().__init__()
        self.base, self.instead_of, self.seconds = base, instead_of, seconds

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        url = request.url or ""
        if not url.startswith(f"{self.instead_of}/"):
            raise ForeignHost(f"not sent: {url.split('?')[0]} is not below {self.instead_of}")
        request.url = self.base + url.removeprefix(self.instead_of)
        kwargs["timeout"] = self.seconds
        return super().send(request, *args, **kwargs)


class NoAnswer(Exception):
    """Nothing usable came back; the message says why and quotes no address, which may hold a password."""


def post(url: str, content: bytes, kind: str, seconds: float = SECONDS, most: int = 100_000) -> bytes:
    """What a configured `url` answers with 200: at most so many bytes, whole within about so many seconds; no proxy, no redirect, no
    cookie. `kind`: the type of `content`. Raises NoAnswer."""
    until = time.monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = False
        try:
            headers = {"Content-Type": kind, "Accept-Encoding": "identity"}
            with session.post(
                url, content, headers=headers, timeout=seconds / 2, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code != 200:
                    raise NoAnswer(f"it answers {answer.status_code}")
                return _read(answer, until, most)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise NoAnswer(type(error).__name__) from None


def _read(answer: requests.Response, until: float, most: int) -> bytes:
    """One that comes in drops is given up as one that does not come."""
    content = bytearray()
    for drop in iter(lambda: answer.raw.read1(most + 1, decode_content=False), b""):
        content += drop
        if len(content) > most:
            raise NoAnswer(f"it answers with more than {most} bytes")
        if time.monotonic() > until:
            raise NoAnswer("it answers too slowly")
    return bytes(content)
