"""What is measured: each row of the table, with what it is compared with."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median

from benchmarks.site import SLUG, Site
from benchmarks.tools import Measured, pgbench, wrk
from tests import nginx
from tests.drill.units import Unit, wait_for
from tests.smtp import free_port

WARM_UP = 2
COUNTED = "SELECT (SELECT count(*) FROM petitions_signature WHERE counts), (SELECT coalesce(sum(signatures), 0) FROM petitions_tally)"
SHAPE = (
    "id, petition_id, email, name, comment, country, language, address_hash, hash_version, hash_rule, client_hash, domain, "
    "name_hash, signed_at, confirmed_at, consent_text_id, review, mail_due_at, mail_attempts, counted"
)
PACKED = {"Accept-Encoding": "gzip"}
runs = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """`measure` answers with what came of some seconds; `of`: the beginning of the names of the rows that are its limit."""

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
    """On a table as large as the real one, and one that still is serves again: to make one of ten millions takes minutes."""
    if not _is_as_large(site):
        _make_raw(site)
    return site.watched(lambda: pgbench(site.environment["DATABASE_URL"], "raw", clients=32, seconds=seconds))


def _is_as_large(site: Site) -> bool:
    if site.rows("SELECT 1 FROM pg_class WHERE relname = 'bench_raw'"):
        [(raw, real)] = site.rows("SELECT (SELECT count(*) FROM bench_raw), (SELECT count(*) FROM petitions_signature)")
        return real <= raw <= real * 1.1
    return False


def _make_raw(site: Site) -> None:
    """Rows first and its indexes then, which takes a fraction of the time."""
    site.rows("DROP TABLE IF EXISTS bench_raw")
    # It stays while others are measured: nothing works on it meanwhile.
    like = "LIKE petitions_signature INCLUDING ALL EXCLUDING INDEXES"
    site.rows(f"CREATE TABLE bench_raw ({like}) WITH (autovacuum_enabled = false)")
    site.rows(f"INSERT INTO bench_raw ({SHAPE}) SELECT {SHAPE} FROM petitions_signature")
    for number, (index,) in enumerate(site.rows(INDEXES)):
        unique, on = str(index).split("INDEX", 1)[0], str(index).split(" USING ", 1)[1]
        site.rows(f"{unique} INDEX bench_raw_{number} ON bench_raw USING {on}")
    site.rows("VACUUM ANALYZE bench_raw")


INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = 'petitions_signature'"


def sign(site: Site, seconds: int) -> Measured:
    """Each is answered after its commit: rows are counted afterwards. A row that is set aside is an error here."""
    before, _ = _settled(site, SIGNED)
    url = f"{site.url}/c/{SLUG}/sign/"
    said = site.watched(lambda: wrk("sign", url, site.host, 32, seconds, f"{time.time_ns()}"))
    [(after, doubtful)] = site.rows(SIGNED)
    # What was under way when the time was over has a row and no answer.
    missing = max(said.requests - (after - before), 0) + max(after - before - said.requests - 32, 0)
    return replace(said, errors=said.errors + missing + doubtful)


def _settled(site: Site, query: str) -> tuple[int, ...]:
    """Its row, once what the warm-up left under way has ended: it would be counted as rows that nobody asked for."""
    while True:
        [row] = site.rows(query)
        time.sleep(0.5)
        if site.rows(query) == [row]:
            return row


SIGNED = "SELECT count(*), count(*) FILTER (WHERE review <> 'none') FROM petitions_signature"
CONFIRMED = "SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NOT NULL"


def confirm(site: Site, seconds: int) -> Measured:
    links = site.folder / "links"
    links.write_text(site.data("links", seconds * 2_500))
    (before,) = _settled(site, CONFIRMED)
    said = site.watched(lambda: wrk("confirm", site.url, site.host, 32, seconds, BENCH_PATHS=str(links)))
    [(after,)] = site.rows(CONFIRMED)
    missing = max(said.requests - (after - before), 0)
    return replace(said, errors=said.errors + missing)


def mails(site: Site, seconds: int) -> Measured:
    return backlog(site, seconds * 330)


def backlog(site: Site, number: int) -> Measured:
    """So many mails to confirm are due: sent by the workers to postfix's sink; each at the first attempt, or it is an error."""
    site.rows("UPDATE petitions_signature SET mail_due_at = NULL, mailed_at = now() WHERE mail_due_at IS NOT NULL")
    site.data("backlog", number)
    with _sink() as port:
        environment = {**site.environment, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        site.workers = Unit("outcry-workers", environment, site.folder / "workers.log")
        try:
            site.workers.start()
            wait_for(lambda: site.rows(WAITING)[0][0] < number, 60, "the first mail")
            said = site.watched(lambda: _until_sent(site))
        finally:
            site.workers.stop()
    [(failed,)] = site.rows("SELECT count(*) FROM petitions_signature WHERE mail_attempts > 1")
    return replace(said, errors=failed)


@contextmanager
def _sink() -> Iterator[int]:
    """Takes every mail, at this port."""
    port = free_port()
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *as_user, f"127.0.0.1:{port}", "128"]) as sink:
        try:
            wait_for(lambda: _listens(port), 10, "the sink")
            yield port
        finally:
            sink.kill()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _until_sent(site: Site) -> Measured:
    began, first = time.monotonic(), site.rows(WAITING)[0][0]
    wait_for(lambda: not site.rows(WAITING)[0][0], 60 + first / 20, "the last mail", pause=0.2)
    return Measured(first / (time.monotonic() - began), 0, 0, 0, first, 0)


def source(site: Site, seconds: int) -> Measured:
    """What postfix's own source sends to the same sink over one connection, as large as ours and made beforehand."""
    number = seconds * 1_000
    with _sink() as port:
        command = ["smtp-source", "-d", "-l", f"{MAIL_SIZE}", "-m", f"{number}", f"127.0.0.1:{port}"]
        began = time.monotonic()
        said = site.watched(lambda: Measured(number, 0, 0, 0, number, subprocess.run(command).returncode))
        return replace(said, rate=number / (time.monotonic() - began))


WAITING = "SELECT count(*) FROM petitions_signature WHERE mail_due_at IS NOT NULL"


def tally(site: Site, seconds: int) -> Measured:
    """100,000 uncounted rows, from the first to the last; exact, or it is an error."""
    site.data("uncounted", TALLIED)
    took = float(site.data("settle"))
    [(rows, told)] = site.rows(COUNTED)
    return Measured(TALLIED / took, 0, 0, took * 1_000, TALLIED, abs(rows - told))


TALLIED = 100_000
# Bytes of a mail to confirm.
MAIL_SIZE = 4_078


def page(path: str, is_known: bool = False) -> Callable[[Site, int], Measured]:
    """From Django alone. `is_known`: the client has it already, and is told so (304)."""

    def measure(site: Site, seconds: int) -> Measured:
        known = {}
        if is_known:
            response, _ = site.ask(path, **PACKED)
            known["BENCH_ETAG"] = response.headers["ETag"]
        return site.watched(lambda: wrk("get", site.url + path, site.host, 64, seconds, f"{next(runs)}", **known))

    return measure


def through_nginx(path: str) -> Callable[[Site, int], Measured]:
    """The same through the shipped nginx."""

    def measure(site: Site, seconds: int) -> Measured:
        return _ask_nginx(site, path, seconds)

    return measure


def static_file(site: Site, seconds: int) -> Measured:
    """What nginx can do: a static file of the size of the campaign page, packed."""
    site.static_file("bench.bin", len(site.ask(CAMPAIGN, **PACKED)[1]))
    return _ask_nginx(site, "/static/bench.bin", seconds)


def _ask_nginx(site: Site, path: str, seconds: int) -> Measured:
    origin, static = f"127.0.0.1:{site.port}", site.environment["STATIC_ROOT"]
    with (
        tempfile.TemporaryDirectory(dir=site.folder) as folder,
        nginx.running(Path(folder), origin, static, site.host) as port,
    ):
        url = f"http://127.0.0.1:{port}{path}"
        # What is kept is measured, not how long the very first wait for it.
        wrk("get", url, site.host, 64, 1)
        return site.watched(lambda: wrk("get", url, site.host, 64, seconds, f"{next(runs)}"))


def go(site: Site, seconds: int) -> Measured:
    return site.watched(lambda: wrk("go", f"{site.url}/c/{SLUG}/act/go/x/", site.host, 32, seconds))


CAMPAIGN = f"/c/{SLUG}/"
ROWS = {
    "raw": Row("single-row INSERT into a table of that shape, pgbench, 32 clients", raw_insert),
    "sign": Row("sign: the whole POST, one durable commit before the answer, 32 connections", sign, of="raw"),
    "confirm": Row("confirm: POST from the mailed link, 32 connections", confirm, of="raw"),
    "campaign": Row("campaign page, 64 connections", page(CAMPAIGN)),
    "progress": Row("progress page, 64 connections", page(f"{CAMPAIGN}progress/")),
    "json": Row("progress.json, 64 connections", page(f"{CAMPAIGN}progress.json")),
    "act": Row("tweet step, 64 connections", page(f"{CAMPAIGN}act/")),
    "known": Row("campaign page, to whoever has it already (304), 64 connections", page(CAMPAIGN, is_known=True)),
    "static": Row("nginx: a static file of the size of the campaign page, 64 connections", static_file),
    "nginx-campaign": Row("campaign page through the shipped nginx", through_nginx(CAMPAIGN), of="static"),
    "nginx-progress": Row(
        "progress page through the shipped nginx", through_nginx(f"{CAMPAIGN}progress/"), of="static"
    ),
    "nginx-json": Row(
        "progress.json through the shipped nginx", through_nginx(f"{CAMPAIGN}progress.json"), of="static"
    ),
    "go": Row("go: the composer is opened, 32 connections", go),
    "tally": Row("tally: 100,000 uncounted signatures", tally),
    "smtp-source": Row("mails of that size by postfix's smtp-source, to a sink", source),
    "mail": Row("a backlog of mails to confirm, to a sink", mails, of="smtp-source"),
    "raw-last": Row("single-row INSERT again", raw_insert),
}


def measure(site: Site, names: list[str], rounds: int, seconds: int) -> list[Result]:
    site.start_web()
    collected: dict[str, list[Measured]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            if number == 0 and not name.startswith(("raw", "mail", "tally")):
                ROWS[name].measure(site, WARM_UP)
            said = ROWS[name].measure(site, seconds)
            collected[name].append(said)
            print(
                f"{name:10} {said.rate:9,.0f}/s  p50 {said.p50:7.1f}  p99 {said.p99:7.1f} ms  errors {said.errors}",
                flush=True,
            )
    results = [_result(name, collected[name]) for name in names]
    return [replace(result, part=_part(result, results)) for result in results]


def _part(result: Result, results: list[Result]) -> float | None:
    """Of the mean of what is its limit, measured in the same run."""
    of = ROWS[result.name].of
    limits = [other.rate for other in results if of and other.name.startswith(of)]
    return result.rate / fmean(limits) if limits else None


def _result(name: str, said: list[Measured]) -> Result:
    def middle(of: Callable[[Measured], float]) -> float:
        return median(map(of, said))

    cpu = {who: median(measured.cpu[who] for measured in said) for who in said[0].cpu}
    errors = sum(measured.errors for measured in said)
    rate, p50, p99 = middle(lambda m: m.rate), middle(lambda m: m.p50), middle(lambda m: m.p99)
    return Result(name, ROWS[name].what, rate, p50, p99, errors, cpu)


def table(results: list[Result]) -> str:
    lines = ["| what | a second | of its limit | p50 ms | p99 ms | cores taken |", "|---|---|---|---|---|---|"]
    for result in results:
        part = "" if result.part is None else f"{result.part:.3f}"
        cpu = ", ".join(f"{who} {cores:.2f}" for who, cores in result.cpu.items() if cores >= 0.05)
        p99 = f"{result.p99:.0f}" if result.p99 else ""
        p50 = f"{result.p50:.1f}" if result.p50 else ""
        lines.append(f"| {result.what} | {result.rate:,.0f} | {part} | {p50} | {p99} | {cpu} |")
    return "\n".join(lines)
