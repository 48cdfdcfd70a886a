"""People who sign, confirm from their mail, post and look, a few a second, whatever happens; and a note of what they were told."""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from urllib.parse import urlencode

LINK = re.compile(r"http://[^\s/]+(/confirm/[^\s/]+/)")
numbers = itertools.count(1)
Connect = Callable[[], http.client.HTTPConnection]


@dataclass
class Told:
    """When (time.monotonic) each request was answered as it should be, and by whom what was acknowledged. `wordless`: what a signer was
    answered who was refused, where it had not what they had typed."""

    signed: dict[str, float] = field(default_factory=dict)
    confirmed: dict[str, float] = field(default_factory=dict)
    looked: list[float] = field(default_factory=list)
    posted: list[float] = field(default_factory=list)
    refused: list[tuple[float, str, object]] = field(default_factory=list)
    wordless: list[bytes] = field(default_factory=list)


def on_loopback(port: int) -> Connect:
    return lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=10)


class Load:
    """`connect` gives an unopened connection to the site; `signers`: how many people sign at the same time, every `pause` seconds.
    `times`: so many times as many of them, of those who look and of those who post. Mails are opened one after the other."""

    def __init__(
        self, connect: Connect, host: str, slug: str, mailbox, signers: int = 2, pause: float = 0.2, times: int = 1
    ) -> None:
        self.connect, self.host, self.slug, self.mailbox = connect, host, slug, mailbox
        self.told, self.is_over, self.is_full = Told(), threading.Event(), threading.Event()
        many = [*[(self.sign, pause)] * signers, (self.look, 0.2), (self.post, 0.5)]
        done = [*many * times, (self.confirm, 0.1)]
        self.threads = [threading.Thread(target=self._again, args=each, daemon=True) for each in done]

    def start(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def end(self) -> None:
        """No new signatures; what is in the mail is still confirmed by `confirm`."""
        self.is_over.set()
        for thread in filter(threading.Thread.is_alive, self.threads):
            thread.join(30)

    def _again(self, what, pause: float) -> None:
        while not self.is_over.is_set():
            try:
                what()
            except (OSError, http.client.HTTPException) as error:
                self.told.refused.append((time.monotonic(), what.__name__, type(error).__name__))
            self.is_over.wait(pause)

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, more: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """`more`: headers."""
        number = next(numbers)
        connection = self.connect()
        headers = {
            "Host": self.host,
            "X-Forwarded-For": f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1",
            **(more or {}),
        }
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def sign(self) -> None:
        address = f"drill-{next(numbers)}@drill-{next(numbers) % 50}.example.org"
        fields = {"name": "Ana Example", "email": address, "country": "ES", "comment": "", "consent": "on"}
        status, body = self.ask("POST", f"/c/{self.slug}/sign/", fields)
        if status != 303 and address.encode() not in body:
            self.told.wordless.append(body)
        self._note("sign", status, 303, lambda: self.told.signed.setdefault(address, time.monotonic()))

    def confirm(self) -> None:
        for envelope in list(self.mailbox.received):
            address = envelope.rcpt_tos[0]
            if address in self.told.confirmed or self.is_over.is_set():
                continue
            text = message_from_bytes(envelope.content, policy=policy.default).get_body(("plain",)).get_content()
            found = LINK.search(text)
            if not found:
                continue
            fields = {"name": "Ana Example", "country": "ES", "comment": "", "consent": "on"}
            status, _ = self.ask("POST", found[1], fields)
            self._note(
                "confirm",
                status,
                303,
                lambda address=address: self.told.confirmed.setdefault(address, time.monotonic()),
            )

    def look(self) -> None:
        status, _ = self.ask("GET", f"/c/{self.slug}/progress.json")
        self._note("look", status, 200, lambda: self.told.looked.append(time.monotonic()))

    def post(self) -> None:
        status, _ = self.ask(
            "POST", f"/c/{self.slug}/act/go/x/", {"text": "Publish it, .@xmpl_ministry! #OpenTheRiverReport"}
        )
        self._note("post", status, 303, lambda: self.told.posted.append(time.monotonic()))

    def _note(self, what: str, status: int, wanted: int, note) -> None:
        if status == wanted:
            note()
        else:
            self.told.refused.append((time.monotonic(), what, status))


def longest_gap(moments, begins: float, ends: float) -> float:
    """Seconds: the longest time within a span in which nothing was answered as it should be."""
    inside = sorted(moment for moment in moments if begins <= moment <= ends)
    points = [begins, *inside, ends]
    return max(later - earlier for earlier, later in itertools.pairwise(points))
