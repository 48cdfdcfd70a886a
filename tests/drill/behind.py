"""How long what should be done at once has waited: looked at four times a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf

import psycopg

from tests.drill.load import Told, longest_gap

# How long a signature has been confirmed and not counted, a mail due and not sent, in seconds.
# Without the mails whose answer was lost: these wait longer than a lease, and the account counts them (tests/drill/account.py).
BEHIND = """
SELECT coalesce(extract(epoch FROM now() - min(confirmed_at) FILTER (WHERE confirmed_at IS NOT NULL AND NOT counted AND counts)), 0),
       coalesce(extract(epoch FROM now() - min(signed_at) FILTER (WHERE mail_due_at < now() + interval '10 minutes')), 0)
FROM petitions_signature
"""


class Behind:
    """`rows` asks the database; `seen`: when, and for how many seconds a signature and a mail had waited."""

    def __init__(self, rows: Callable[[str], list[tuple]]) -> None:
        self.rows, self.is_over = rows, threading.Event()
        self.seen: list[tuple[float, float, float]] = []
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def end(self) -> None:
        self.is_over.set()

    def _watch(self) -> None:
        while not self.is_over.wait(0.25):
            try:
                counting, mailing = self.rows(BEHIND)[0]
            except psycopg.Error:
                continue
            self.seen.append((time.monotonic(), float(counting), float(mailing)))


def was_away(told: Told, behind: Behind, began: float, ended: float) -> tuple[float, float, float]:
    """Seconds: between two acknowledged signatures; that a confirmed one waited to be counted; that a mail waited."""
    seen = [(counting, mailing) for at, counting, mailing in behind.seen if began <= at <= ended]
    signing = longest_gap(told.signed.values(), began, ended)
    return (
        signing,
        max((counting for counting, _ in seen), default=inf),
        max((mailing for _, mailing in seen), default=inf),
    )
