"""The machine's clock goes a day ahead, and is set back: people sign all the while, and counts and mails stand still at neither."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from tests.drill import account
from tests.drill.site import Site, running
from tests.drill.test_drill import LOOKED_AT, Fault, break_it, late
from tests.drill.units import wait_for

log = logging.getLogger("drill")
AHEAD = """
SELECT count(*) FILTER (WHERE signed_at > soon), count(*) FILTER (WHERE mailed_at > soon),
       count(*) FILTER (WHERE counted AND confirmed_at > soon)
FROM petitions_signature, LATERAL (SELECT now() + interval '1 hour' AS soon) AS clock
"""
TOMORROW = "SELECT count(*) FROM petitions_signature WHERE mail_due_at > now() + interval '1 hour'"
CLOCK = Path(__file__).parent / "clock"
DAY = 24 * 3600


@pytest.fixture
def clock(tmp_path):
    """By how many seconds the clock of web server and workers is ahead; the database's stays right."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    return clock


@pytest.fixture
def site(tmp_path, clock):
    with running(tmp_path, PYTHONPATH=str(CLOCK), OUTCRY_CLOCK=str(clock)) as site:
        yield site


def test_a_clock_that_goes_a_day_ahead_and_back(site: Site, clock: Path):
    def goes(name: str, ahead: int) -> Fault:
        return Fault(name, lambda site: clock.write_text(str(ahead)))

    site.load.start()
    time.sleep(5)
    table = [(fault, break_it(site, fault)) for fault in [goes("the clock goes a day ahead", DAY)]]
    signed, mailed, counted = site.rows(AHEAD)[0]
    table += [(fault, break_it(site, fault)) for fault in [goes("the clock is set back by a day", 0)]]
    site.load.end()
    wait_for(lambda: not site.rows(TOMORROW)[0][0], 60, "mails that are due tomorrow")
    found = account.take(site, 90)
    log.warning("%s; a day ahead %s signed, %s mailed, %s counted", found, signed, mailed, counted)
    # The database's own clock says nothing of how late they were; these do.
    assert min(signed, mailed, counted) > LOOKED_AT
    assert found.balances()
    assert [(fault.name, away) for fault, away in table if late(fault, away)] == []
