"""A site under a small load; one thing after the other is broken; then the account.

`DRILL=short` leaves out what lasts for a minute.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.drill import account
from tests.drill.load import longest_gap
from tests.drill.site import Site, running
from tests.drill.units import children, kill

log = logging.getLogger("drill")
IS_LONG = os.environ.get("DRILL") != "short"
KINDS = ("sign", "count", "mail")
# Seconds for which each may be away.
BARS = (5.0, 30.0, 30.0)
LOOKED_AT = 30 if IS_LONG else 12


@dataclass(frozen=True)
class Fault:
    """`lasts`: seconds until `mend`; what is `gone` until then can't work: that time is taken off. What is `judged` has a bar: a mail
    server that is slower than people sign is not ours to hurry; the account at the end asks for its mails all the same."""

    name: str
    strike: Callable[[Site], None]
    mend: Callable[[Site], None] = lambda site: None
    lasts: float = 0.0
    gone: tuple[str, ...] = ()
    judged: tuple[str, ...] = KINDS


def web_worker(site: Site) -> None:
    kill(children(site.web.process.pid)[-1])


def workers_children(site: Site) -> list[int]:
    return children(site.workers.process.pid)


def celery_workers(site: Site) -> None:
    for pid in workers_children(site):
        kill(pid)


def pool_processes(site: Site) -> None:
    for pid in workers_children(site):
        for child in children(pid):
            kill(child)


def slow_mail(site: Site) -> None:
    site.mailbox.seconds = 5.0


def dead_mail(site: Site) -> None:
    site.mailbox.data = "451 Try again"


def well(site: Site) -> None:
    site.mailbox.seconds, site.mailbox.data = 0.0, "250 OK"


def valkey_while_mail_is_sent(site: Site) -> None:
    site.mailbox.seconds = 0.2
    time.sleep(2)
    site.kill_valkey()


def begin_again_and_well(site: Site) -> None:
    site.begin_engines_again()
    well(site)


again = Site.begin_engines_again
SHORT = [
    Fault("a web worker is killed", web_worker),
    Fault("the web server is killed", lambda site: kill(site.web.process.pid)),
    Fault("each Celery worker and the beat are killed", celery_workers),
    Fault("each process at a queue is killed", pool_processes),
    Fault("the workers' supervisor is killed", lambda site: kill(site.workers.process.pid)),
    Fault("PostgreSQL is killed, and back after a second", Site.kill_postgres, again, 1, ("sign", "count", "mail")),
    Fault("Valkey is killed while mail is sent, and back after 5 s", valkey_while_mail_is_sent, begin_again_and_well, 5, ("count", "mail")),
    Fault("a mail takes the mail server 5 s", slow_mail, well, 15, judged=("sign", "count")),
]  # fmt: skip
LONG = [
    Fault("PostgreSQL is away for a minute", Site.kill_postgres, again, 60, ("sign", "count", "mail")),
    Fault("Valkey is away for a minute", Site.kill_valkey, again, 60, ("count", "mail")),
    Fault("the mail server refuses for a minute", dead_mail, well, 60, ("mail",)),
    Fault("a mail takes the mail server 5 s, for a minute", slow_mail, well, 60, judged=("sign", "count")),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("drill")) as site:
        site.load.start()
        time.sleep(5)
        yield site


@pytest.mark.parametrize("fault", SHORT + LONG * IS_LONG, ids=lambda fault: fault.name)
def test_it_comes_back_by_itself(site, fault):
    began = time.monotonic()
    fault.strike(site)
    time.sleep(fault.lasts)
    fault.mend(site)
    gone = time.monotonic() - began
    time.sleep(LOOKED_AT)
    ended = time.monotonic()
    away = [
        max(0.0, seconds - gone * (what in fault.gone))
        for what, seconds in zip(KINDS, was_away(site, began, ended), strict=True)
    ]
    log.warning("%s: signing away %.1f s, counting %.1f s, mail %.1f s", fault.name, *away)
    late = [
        what for what, seconds, bar in zip(KINDS, away, BARS, strict=True) if what in fault.judged and seconds > bar
    ]
    assert late == [], away


def was_away(site: Site, began: float, ended: float) -> tuple[float, float, float]:
    """Seconds: between two acknowledged signatures; that a confirmed one waited to be counted; that a mail waited."""
    behind = [(counting, mailing) for at, counting, mailing in site.behind if began <= at <= ended]
    signing = longest_gap(site.load.told.signed.values(), began, ended)
    return signing, max(counting for counting, _ in behind), max(mailing for _, mailing in behind)


def test_the_account_balances(site):
    site.load.end()
    found = account.take(site)
    log.warning("%s", found)
    assert found.acknowledged > 50
    assert found.confirmed > 50
    assert found.balances()


def test_who_is_told_to_end_ends(site):
    began = time.monotonic()
    site.workers.process.send_signal(signal.SIGTERM)
    site.workers.process.wait(75)
    log.warning("the workers ended within %.1f s", time.monotonic() - began)
