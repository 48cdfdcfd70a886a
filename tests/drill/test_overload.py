"""Fifty people a second come while the machine can answer nobody: each is told something in time, and who was told to come again left nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter

import psycopg
import pytest

from operations.shedding import LATEST
from tests.drill import account
from tests.drill.load import Load, numbers, on_loopback
from tests.drill.site import Site, running

log = logging.getLogger("drill")
A_SECOND, STUCK, AFTERWARDS = 50, 6, 6
# Who has begun waits for the table as long as it is locked; the others are asked to come again as soon as somebody has time to.
IN_TIME = STUCK + LATEST


class Crowd(Load):
    """Each comes at their moment, whatever became of the others; the times are the proxy's (deploy/nginx.conf)."""

    def __init__(self, site: Site) -> None:
        super().__init__(on_loopback(site.port), site.load.host, site.load.slug, site.mailbox)
        self.answers: list[tuple[str, int, float]] = []

    def come(self, seconds: float) -> None:
        began, people = time.monotonic(), []
        for number in range(round(seconds * A_SECOND)):
            time.sleep(max(0, began + number / A_SECOND - time.monotonic()))
            people.append(threading.Thread(target=self._sign_once, daemon=True))
            people[-1].start()
        for person in people:
            person.join(30)

    def _sign_once(self) -> None:
        address, came = f"crowd-{next(numbers)}@example.org", time.time()
        fields = {"name": "Ana Example", "email": address, "country": "ES", "comment": ""}
        try:
            status = self.ask("POST", f"/c/{self.slug}/sign/", fields, {"X-Request-Start": f"t={came:.3f}"})[0]
        except OSError:
            status = 0
        if status == 303:
            self.told.signed[address] = time.monotonic()
        self.answers.append((address, status, time.time() - came))


@pytest.fixture
def site(tmp_path):
    with running(tmp_path) as site:
        yield site


def test_everybody_is_told_in_time_and_nobody_who_was_turned_away_signed(site: Site):
    crowd = Crowd(site)
    coming = threading.Thread(target=crowd.come, args=(STUCK + AFTERWARDS,))
    with psycopg.connect(site.environment["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE petitions_signature IN EXCLUSIVE MODE")
        coming.start()
        time.sleep(STUCK)
    coming.join(60)
    statuses = Counter(status for _, status, _ in crowd.answers)
    longest = max(seconds for _, _, seconds in crowd.answers)
    log.warning("answers %s, the longest after %.1f s", dict(statuses), longest)
    assert len(crowd.answers) == (STUCK + AFTERWARDS) * A_SECOND
    assert set(statuses) == {303, 503}
    assert min(statuses.values()) > A_SECOND
    assert longest < IN_TIME
    site.load.told = crowd.told
    assert account.take(site, 90).balances()
    rows = account.addresses(site)
    assert [address for address, status, _ in crowd.answers if status == 503 and address in rows] == []
