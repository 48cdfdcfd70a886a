"""What is measured: each row of the table, with what it is compared with."""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.site import SLUG, Site
from benchmarks.tools import Measured, cpu_seconds, pgbench, wrk
from tests.drill.units import Unit, wait_for
from tests.smtp import free_port

WARM_UP = 2
MAKE_LINKS = """
import itertools
import sys
import django
django.setup()
from django.utils import timezone
from core.crypto import tokens
from petitions import mails
from petitions.models import Petition, Signature
from tests import factories
petition, number = Petition.objects.get(), int(sys.argv[1])
factories.numbers = itertools.count(Signature.objects.count() * 10)
before = set(Signature.objects.values_list("pk", flat=True))
factories.signatures(petition, number, confirmed=False, mailed_at=timezone.now())
for pk in Signature.objects.exclude(pk__in=before).values_list("pk", flat=True):
    print("/confirm/" + tokens.make(mails.CONFIRM, pk) + "/")
"""
MAKE_BACKLOG = """
import itertools
import sys
import django
django.setup()
from django.utils import timezone
from petitions.models import Petition, Signature
from tests import factories
factories.numbers = itertools.count(Signature.objects.count() * 10)
factories.signatures(Petition.objects.get(), int(sys.argv[1]), confirmed=False, mailed_at=None, mail_due_at=timezone.now())
"""
runs = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """`measure` answers with what came of some seconds; `of`: the row whose rate it is a part of; `cpu`: of whom it is told."""

    what: str
    measure: Callable[[Site, int], Measured]
    of: str = ""


@dataclass(frozen=True)
class Result:
    name: str
    what: str
    rate: float
    p50: float
    p99: float
    errors: int
    cpu: dict[str, float]
    part: float | None = None


def raw_insert(site: Site, seconds: int) -> Measured:
    site.rows("DROP TABLE IF EXISTS bench_raw")
    site.rows("CREATE TABLE bench_raw (LIKE petitions_signature INCLUDING ALL)")
    rate = pgbench(site.environment["DATABASE_URL"], "raw", clients=32, seconds=seconds)
    site.rows("DROP TABLE bench_raw")
    return Measured(rate, 32_000 / rate, 0, 0, int(rate * seconds), 0)


def sign(site: Site, seconds: int) -> Measured:
    """Each is answered after its commit: rows are counted afterwards. A row that is set aside is an error here."""
    [(before, _)] = site.rows(SIGNED)
    said = wrk("sign", f"{site.url}/c/{SLUG}/sign/", site.host, 32, seconds, f"{time.time_ns()}")
    [(after, doubtful)] = site.rows(SIGNED)
    # What was under way when the time was over has a row and no answer.
    missing = max(said.requests - (after - before), 0) + max(after - before - said.requests - 32, 0)
    return Measured(said.rate, said.p50, said.p99, said.longest, said.requests, said.errors + missing + doubtful)


SIGNED = "SELECT count(*), count(*) FILTER (WHERE review <> 'none') FROM petitions_signature"
CONFIRMED = "SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NOT NULL"


def confirm(site: Site, seconds: int) -> Measured:
    links = site.folder / "links"
    links.write_text(site.run("-c", MAKE_LINKS, str(seconds * 2_500)))
    [(before,)] = site.rows(CONFIRMED)
    said = wrk("confirm", site.url, site.host, 32, seconds, BENCH_PATHS=str(links))
    [(after,)] = site.rows(CONFIRMED)
    missing = max(said.requests - (after - before), 0)
    return Measured(said.rate, said.p50, said.p99, said.longest, said.requests, said.errors + missing)


def mails(site: Site, seconds: int) -> Measured:
    """A backlog of mails to confirm, sent by the workers to postfix's sink, from the first to the last."""
    site.rows("UPDATE petitions_signature SET mail_due_at = NULL, mailed_at = now() WHERE mail_due_at IS NOT NULL")
    number, port = seconds * 150, free_port()
    site.run("-c", MAKE_BACKLOG, str(number))
    environment = {**site.environment, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    workers = Unit("outcry-workers", environment, site.folder / "workers.log")
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *as_user, f"127.0.0.1:{port}", "128"]) as sink:
        try:
            workers.start()
            wait_for(lambda: site.rows(WAITING)[0][0] < number, 60, "the first mail")
            began, first = time.monotonic(), site.rows(WAITING)[0][0]
            wait_for(lambda: not site.rows(WAITING)[0][0], 300, "the last mail")
            took = time.monotonic() - began
        finally:
            workers.stop()
            sink.kill()
    [(failed,)] = site.rows("SELECT count(*) FROM petitions_signature WHERE mail_attempts > 1")
    return Measured(first / took, 0, 0, 0, first, failed)


WAITING = "SELECT count(*) FROM petitions_signature WHERE mail_due_at IS NOT NULL"


def page(path: str, is_known: bool = False) -> Callable[[Site, int], Measured]:
    def measure(site: Site, seconds: int) -> Measured:
        known = {}
        if is_known:
            known["BENCH_ETAG"] = site.ask(path, **{"Accept-Encoding": "gzip"}).headers["ETag"]
        return wrk("get", site.url + path, site.host, 64, seconds, f"{next(runs)}", **known)

    return measure


def go(site: Site, seconds: int) -> Measured:
    return wrk("go", f"{site.url}/c/{SLUG}/act/go/x/", site.host, 32, seconds)


CAMPAIGN = f"/c/{SLUG}/"
ROWS = {
    "raw": Row("single-row INSERT into a table of that shape, pgbench, 32 clients", raw_insert),
    "sign": Row("sign: the whole POST, one durable commit before the answer, 32 connections", sign, of="raw"),
    "confirm": Row("confirm: POST from the mailed link, 32 connections", confirm, of="raw"),
    "campaign": Row("campaign page, 64 connections", page(CAMPAIGN)),
    "progress": Row("progress page, 64 connections", page(f"{CAMPAIGN}progress/")),
    "json": Row("progress.json, 64 connections", page(f"{CAMPAIGN}progress.json")),
    "act": Row("tweet step, 64 connections", page(f"{CAMPAIGN}act/")),
    "go": Row("go: the composer is opened, 32 connections", go),
    "mail": Row("a backlog of mails to confirm, to a sink", mails),
    "raw-last": Row("single-row INSERT again", raw_insert),
}


def measure(site: Site, names: list[str], rounds: int, seconds: int) -> list[Result]:
    site.start_web()
    collected: dict[str, list[tuple[Measured, dict[str, float]]]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            if number == 0 and not name.startswith(("raw", "mail")):
                ROWS[name].measure(site, WARM_UP)
            before = {who: cpu_seconds(pids) for who, pids in site.processes().items()}
            began = time.monotonic()
            said = ROWS[name].measure(site, seconds)
            took = time.monotonic() - began
            cpu = {who: (cpu_seconds(pids) - before[who]) / took for who, pids in site.processes().items()}
            collected[name].append((said, cpu))
            print(
                f"{name:10} {said.rate:9,.0f}/s  p50 {said.p50:7.1f}  p99 {said.p99:7.1f} ms  errors {said.errors}",
                flush=True,
            )
    results = [_result(name, collected[name]) for name in names]
    limits = [result.rate for result in results if result.name.startswith("raw")]
    limit = sum(limits) / len(limits) if limits else None
    return [
        Result(**{**vars(result), "part": result.rate / limit if limit and ROWS[result.name].of else None})
        for result in results
    ]


def _result(name: str, said: list[tuple[Measured, dict[str, float]]]) -> Result:
    def middle(of: Callable[[Measured], float]) -> float:
        return median(of(measured) for measured, _ in said)

    cpu = {who: median(taken[who] for _, taken in said) for who in said[0][1]}
    errors = sum(measured.errors for measured, _ in said)
    return Result(
        name, ROWS[name].what, middle(lambda m: m.rate), middle(lambda m: m.p50), middle(lambda m: m.p99), errors, cpu
    )


def table(results: list[Result]) -> str:
    lines = ["| what | a second | of the raw limit | p50 ms | p99 ms | cores taken |", "|---|---|---|---|---|---|"]
    for result in results:
        part = "" if result.part is None else f"{result.part:.3f}"
        cpu = ", ".join(f"{who} {cores:.2f}" for who, cores in result.cpu.items() if cores >= 0.05)
        p99 = f"{result.p99:.0f}" if result.p99 else ""
        p50 = f"{result.p50:.1f}" if result.p50 else ""
        lines.append(f"| {result.what} | {result.rate:,.0f} | {part} | {p50} | {p99} | {cpu} |")
    return "\n".join(lines)
