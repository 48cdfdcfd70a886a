"""A site under a small load; one thing after the other is broken; then the account.

`DRILL=short` leaves out what lasts for a minute and what breaks one of several alone; `ONLY='nginx,the beat'` breaks only what has such
a name. `TIMES=10`: under ten times that load.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings

from tests.drill import account
from tests.drill.behind import was_away
from tests.drill.site import Site, running
from tests.drill.units import children, kill, wait_for

log = logging.getLogger("drill")
IS_LONG = os.environ.get("DRILL") != "short"
ONLY = os.environ.get("ONLY", "").split(",")
KINDS = ("sign", "count", "mail")
# Seconds for which each may be away.
BARS = (5.0, 30.0, 30.0)
LOOKED_AT = 30 if IS_LONG else 12
A_BACKEND = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


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


def beat(site: Site) -> None:
    """The only one of them that has no processes of its own."""
    (found,) = (pid for pid in workers_children(site) if not children(pid))
    kill(found)


def count_worker(site: Site) -> None:
    """It says its number when it is ready (operations/management/commands/workers.py)."""
    number = int(re.findall(r"count-(\d+)@\S+ ready", site.workers.log.read_text())[-1])
    assert number in workers_children(site)
    kill(number)


def backend(site: Site) -> None:
    """PostgreSQL ends all others too, since it can't know what this one has left in the memory that they share."""
    kill(site.rows(A_BACKEND)[0][0])


def slow_mail(site: Site) -> None:
    site.mailbox.seconds = 5.0


def well(site: Site) -> None:
    site.mailbox.seconds = 0.0


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
    Fault("nginx is killed", Site.kill_nginx),
    Fault("the beat alone is killed", beat),
    Fault("the worker that counts is killed", count_worker),
    Fault("one backend of PostgreSQL is killed", backend),
    Fault("PostgreSQL is stopped, and back after a second", Site.stop_postgres, again, 1, ("sign", "count", "mail")),
    Fault("PostgreSQL is away for a minute", Site.kill_postgres, again, 60, ("sign", "count", "mail")),
    Fault("Valkey is away for a minute", Site.kill_valkey, again, 60, ("count", "mail")),
    Fault(
        "the mail server is away for a minute",
        lambda site: site.mailbox.close(),
        lambda site: site.mailbox.open(),
        60,
        ("mail",),
    ),
    Fault("a mail takes the mail server 5 s, for a minute", slow_mail, well, 60, judged=("sign", "count")),
]
FAULTS = [fault for fault in SHORT + LONG * IS_LONG if any(part in fault.name for part in ONLY)]
assert FAULTS, f"nothing is broken that is called {ONLY}"


@pytest.fixture
def site(tmp_path):
    with running(tmp_path) as site:
        yield site


def test_it_is_small_begins_soon_and_ends_when_it_is_told_to(site):
    # Every queue has had its turn by then, and the share images are drawn.
    wait_for(
        lambda: site.rows("SELECT count(*) FROM progress_shareimage")[0][0] == len(settings.LANGUAGES), 90, "pictures"
    )
    time.sleep(15)
    megabytes = site.memory()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    behind = {os.getpriority(os.PRIO_PROCESS, pid) for pid in site.workers.members()}
    began = time.monotonic()
    site.workers.stop()
    ended_within = time.monotonic() - began
    log.warning("begun within %.1f s, %.0f MB, workers ended within %.1f s", site.began_within, megabytes, ended_within)
    # Whoever signs goes first, then what is counted: operations/management/commands/workers.py.
    assert behind == {own, min(own + 5, 19)}
    assert megabytes < 600
    assert site.began_within < 10
    assert ended_within < 15


def test_what_is_killed_comes_back_by_itself_and_the_account_balances(site):
    site.load.start()
    time.sleep(5)
    table = [(fault, break_it(site, fault)) for fault in FAULTS]
    site.load.end()
    found = account.take(site, 300)
    log.warning("%s", found)
    assert found.acknowledged > 50
    assert found.confirmed > 50
    assert found.balances()
    assert [(fault.name, away) for fault, away in table if late(fault, away)] == []


def break_it(site: Site, fault: Fault) -> tuple[float, ...]:
    """For how many seconds each of KINDS was away, without the time in which it could not work."""
    began = time.monotonic()
    fault.strike(site)
    time.sleep(fault.lasts)
    fault.mend(site)
    gone = time.monotonic() - began
    time.sleep(LOOKED_AT)
    seconds = was_away(site.load.told, site.behind, began, time.monotonic())
    away = tuple(max(0.0, each - gone * (kind in fault.gone)) for kind, each in zip(KINDS, seconds, strict=True))
    log.warning("| %s | %.1f | %.1f | %.1f |", fault.name, *away)
    return away


def late(fault: Fault, away: tuple[float, ...]) -> list[str]:
    judged = zip(KINDS, away, BARS, strict=True)
    return [kind for kind, seconds, bar in judged if kind in fault.judged and seconds > bar]
