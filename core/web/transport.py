"""How we speak to X over HTTP: to the configured base, with a time limit, and to nobody else."""

from __future__ import annotations

from typing import Any

import requests
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
