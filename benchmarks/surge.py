"""A surge, as people bring it: they sign when they come, not when the last one was answered, and confirm from their mails, while a
crowd looks, everything through the shipped nginx. Tally, mails and the asking of X run beside it.

How long an answer took is counted from the moment at which somebody pressed the button. Afterwards every acknowledged signature must
be a row, every confirmed one be counted once, and every address have one mail.
"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from benchmarks.site import SLUG, Site, running
from benchmarks.tools import Part, wrk
from tests import nginx
from tests.drill.units import wait_for
from tests.smtp import Mailbox, serving
from xsim import Simulator

LINK = re.compile(r"http://[^\s/]+(/confirm/[^\s/]+/)")
BEARER = "only-for-benchmarks"
CONNECTIONS = 64
ACCOUNT = """
SELECT count(*), count(*) FILTER (WHERE review <> 'none'), count(*) FILTER (WHERE counts),
       (SELECT coalesce(sum(signatures), 0) FROM petitions_tally),
       count(*) FILTER (WHERE mailed_at IS NULL), count(*) FILTER (WHERE mail_attempts > 1)
FROM petitions_signature
"""
BEHIND = """
SELECT coalesce(extract(epoch FROM now() - min(confirmed_at) FILTER (WHERE counts AND NOT counted)), 0),
       coalesce(extract(epoch FROM now() - min(signed_at) FILTER (WHERE mailed_at IS NULL)), 0)
FROM petitions_signature
"""


@dataclass(frozen=True)
class Surge:
    """`signs`: (seconds, signatures a minute), one after the other; `cores`: which the whole site may use, None for all."""

    what: str
    signs: tuple[tuple[int, int], ...]
    views_a_minute: int
    cores: frozenset[int] | None = None

    @property
    def seconds(self) -> int:
        return sum(seconds for seconds, _ in self.signs)

    def moments(self) -> Iterator[float]:
        """When each comes, in seconds from the beginning."""
        begins = 0.0
        for seconds, a_minute in self.signs:
            number = seconds * a_minute // 60
            yield from (begins + seconds * each / number for each in range(number))
            begins += seconds


NATION = Surge(
    "2,000 signatures a minute, 6,000 in the sixth, and 100,000 views",
    ((300, 2_000), (60, 6_000), (240, 2_000)),
    100_000,
)
SMALL = Surge("60 signatures and 3,000 views a minute, on one core", ((180, 60),), 3_000, frozenset({0}))


@dataclass
class Told:
    """Seconds that each answer took, by what was asked; what was answered otherwise; the longest that counting and a mail lagged."""

    sign: list[float] = field(default_factory=list)
    confirm: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    counting: float = 0.0
    mailing: float = 0.0


class People:
    """Each from an address of its own, as nginx sees it."""

    def __init__(self, port: int, host: str, mailbox: Mailbox) -> None:
        self.port, self.host, self.mailbox, self.told = port, host, mailbox, Told()
        self.numbers, self.is_over = itertools.count(1), threading.Event()

    def sign(self, due: float) -> None:
        number = next(self.numbers)
        address = f"ana-{number}@d{number % 500}.example.org"
        fields = {"name": f"Ana Example {number}", "email": address, "country": "ES", "comment": "The river is ours."}
        if self._post(f"/c/{SLUG}/sign/", fields | {"consent": "on"}, "sign"):
            self.told.sign.append(time.monotonic() - due)
            self.told.acknowledged.add(address)

    def confirm_all(self) -> None:
        """Whoever got a mail confirms, one after the other, until it is over."""
        for place in itertools.count():
            while place >= len(self.mailbox.received):
                if self.is_over.wait(0.05):
                    return
            message = message_from_bytes(self.mailbox.received[place].content, policy=policy.default)
            [body] = [part for part in message.walk() if part.get_content_type() == "text/plain"]
            link = LINK.search(body.get_content())
            began = time.monotonic()
            if link and self._post(
                link[1], {"name": "Ana Example", "country": "ES", "comment": "", "consent": "on"}, "confirm"
            ):
                self.told.confirm.append(time.monotonic() - began)

    def _post(self, path: str, fields: dict[str, str], what: str) -> bool:
        number = next(self.numbers)
        source = f"127.{1 + (number >> 16) % 250}.{number >> 8 & 255}.{number & 255}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(source, 0))
        headers = {"Host": self.host, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, urlencode(fields), headers)
            status = str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        finally:
            connection.close()
        if status != "303":
            self.told.refused[f"{what} {status}"] += 1
        return status == "303"


def measure(surge: Surge) -> Part:
    """What came of it."""
    everywhere = os.sched_getaffinity(0)
    simulator = Simulator(bearer=BEARER)
    with tempfile.TemporaryDirectory() as name, serving() as mailbox, simulator.serve() as x:
        folder = Path(name)
        folder.chmod(0o755)
        os.sched_setaffinity(0, surge.cores or everywhere)
        mail = f"smtp://127.0.0.1:{mailbox.port}"
        with running(folder, EMAIL_URL=mail, X_API_BASE=x, X_BEARER_TOKEN=BEARER) as site:
            site.start_web()
            site.workers.start()
            (folder / "nginx").mkdir()
            origin, static = f"127.0.0.1:{site.port}", site.environment["STATIC_ROOT"]
            with nginx.running(folder / "nginx", origin, static, site.host) as port:
                os.sched_setaffinity(0, everywhere)
                return _come(surge, site, People(port, site.host, mailbox))


def _come(surge: Surge, site: Site, people: People) -> Part:
    watch = threading.Thread(target=_watch, args=(site, people), daemon=True)
    confirming = [threading.Thread(target=people.confirm_all, daemon=True)]
    seen: list[float] = []
    pace = str(CONNECTIONS * 60_000 / surge.views_a_minute)
    looking = threading.Thread(target=lambda: seen.extend(_look(people, surge.seconds, pace)), daemon=True)
    for thread in (watch, looking, *confirming):
        thread.start()
    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for moment in surge.moments():
            time.sleep(max(began + moment - time.monotonic(), 0))
            pool.submit(people.sign, began + moment)
    looking.join()
    wait_for(lambda: _is_settled(site, people), 300, "the last mail and count")
    people.is_over.set()
    return _said(surge, site, people, seen)


def _look(people: People, seconds: int, pace: str) -> tuple[float, float, float]:
    """Views a second, errors, and how many milliseconds the slowest hundredth took at least."""
    url = f"http://127.0.0.1:{people.port}"
    variables = {"BENCH_BASE": f"/c/{SLUG}/", "BENCH_PACE": pace}
    said = wrk("views", url, people.host, CONNECTIONS, seconds, **variables)
    return said.rate, said.errors, said.p99


def _watch(site: Site, people: People) -> None:
    while not people.is_over.wait(0.5):
        [(counting, mailing)] = site.rows(BEHIND)
        people.told.counting = max(people.told.counting, float(counting))
        people.told.mailing = max(people.told.mailing, float(mailing))


def _is_settled(site: Site, people: People) -> bool:
    rows, _, counts, tally, unmailed, _ = site.rows(ACCOUNT)[0]
    return unmailed == 0 and counts == tally == rows == len(people.told.confirm) + _refused(people, "confirm")


def _refused(people: People, what: str) -> int:
    return sum(number for refusal, number in people.told.refused.items() if refusal.startswith(what))


def _said(surge: Surge, site: Site, people: People, seen: list[float]) -> Part:
    [(rows, doubtful, counts, tally, *_)] = site.rows(ACCOUNT)
    told, mails = people.told, Counter(envelope.rcpt_tos[0] for envelope in people.mailbox.received)
    lost = max(len(told.acknowledged) - rows, 0) + sum(address not in mails for address in told.acknowledged)
    twice, refused = sum(number > 1 for number in mails.values()), sum(told.refused.values())
    views, errors, slowest = seen
    steps = quantiles(told.sign, n=100)
    middle, late, latest = (f"{steps[part - 1] * 1_000:.0f}" for part in (50, 95, 99))
    lines = {
        "signed": f"{len(told.sign):,} in {surge.seconds} s; p50 {middle}, p95 {late}, p99 {latest} ms from the moment of pressing",
        "confirmed": f"{len(told.confirm):,}; counted {tally:,} of {counts:,}, at most {told.counting:.1f} s late",
        "mails": f"{len(people.mailbox.received):,}, at most {told.mailing:.1f} s late",
        "views": f"{views * 60:,.0f} a minute, p99 {slowest:.0f} ms, {errors:.0f} errors",
        "lost, mailed twice, set aside, refused": f"{lost}, {twice}, {doubtful}, {refused} {dict(told.refused) or ''}",
    }
    table = [f"| {what} | {said} |" for what, said in lines.items()]
    wrong = lost + twice + doubtful + refused + int(errors) + abs(counts - tally)
    return Part("\n".join([f"### {surge.what}", "", "| | |", "|---|---|", *table]), wrong)
