"""Whatever fails, and whatever it would say: neither our logs nor an error report tell who somebody is."""

import gzip
import json
import re
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
import requests

from config.celery import app
from core.crypto import tokens
from demo.processes import Processes, web
from petitions.models import LinkRequest, Signature
from tests import factories
from tests.drill.units import children, kill
from tests.journeys.test_worker import WORKER, environment, until
from tests.login import logged_in, make_staff
from tests.smtp import free_port

pytestmark = pytest.mark.django_db(transaction=True)
NAME, COMMENT, ADDRESS, CLIENT = "Anahit Ferreira", "The river belongs to us", "anahit@example.org", "203.0.113.77"
QUERY, COOKIE, REFERER, AGENT = "what-was-asked", "what-was-kept", "where-from", "which-browser"
WORDS = {"Anahit", "Ferreira", "river belongs", "anahit", CLIENT, QUERY, COOKIE, REFERER, AGENT, "staff@example.org"}


class Collector(ThreadingHTTPServer):
    """Takes what a Sentry server takes, and keeps it as text."""

    daemon_threads = True

    def __init__(self):
        self.envelopes = []
        super().__init__(("127.0.0.1", 0), Take)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def events(self):
        """Of each envelope the item, without the two lines of JSON before it."""
        return [json.loads(envelope.split("\n")[2]) for envelope in list(self.envelopes)]


class Take(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[self.headers["Content-Encoding"]]
        self.server.envelopes.append(unpack(body).decode())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def collector():
    server = Collector()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(collector, collected, smtp, tmp_path):
    """A real web server and a real worker whose pages and tasks fail."""
    port = free_port()
    running = Processes(
        {
            **environment(collected),
            **web(port, workers=1, threads=1),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "SENTRY_DSN": f"http://key@127.0.0.1:{collector.server_port}/1",
            "LOG_FORMAT": "json",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
        },
        tmp_path,
    )
    running.start("web", "manage.py", "web")
    running.wait_for(f"http://127.0.0.1:{port}/healthz", "web")
    yield running, f"http://127.0.0.1:{port}"
    running.stop()


def test_a_web_process_that_ends_starts_no_thread_where_the_next_one_is_forked(site, collector):
    """The one that sends error reports: a lock that it held at that moment would never be free in the new process."""
    running, origin = site
    first = running.running[0][1].pid
    (one,) = children(first)
    kill(one)
    until(lambda: [pid for pid in children(first) if pid != one])
    running.wait_for(f"{origin}/healthz", "web")
    time.sleep(1)
    # One waits to be told to end, the other for the end of the new process.
    until(lambda: len(list(Path(f"/proc/{first}/task").iterdir())) == 2)
    assert collector.envelopes == []


def ask(origin, method, path, cookies="", **more):
    headers = {
        "Host": "testserver",
        "Origin": "http://testserver",
        "Sec-Fetch-Site": "same-origin",
        "Referer": f"http://testserver/{REFERER}",
        "User-Agent": AGENT,
        "Cookie": f"kept={COOKIE}; {cookies}",
        "X-Forwarded-For": CLIENT,
        "X-Request-Id": "f" * 32,
        **more.pop("headers", {}),
    }
    return requests.request(method, f"{origin}{path}?q={QUERY}", headers=headers, timeout=20, **more)


def walk(origin, live, staff):
    """Each of these works, and fails then: the routes of those that must have failed."""
    typed = {"name": NAME, "comment": COMMENT, "email": ADDRESS, "country": "ES", "consent": "on"}
    row = factories.signature(live.petition, False, ADDRESS, name=NAME, comment=COMMENT)
    confirm = f"/confirm/{tokens.make('confirm', row.pk)}/"
    own = f"/my/{tokens.make('my', LinkRequest.objects.create(email=ADDRESS).pk)}/"
    session = f"sessionid={staff.cookies['sessionid'].value}"
    for method, path, more in (
        ("POST", f"/c/{live.slug}/sign/", {"data": typed}),
        ("GET", confirm, {}),
        ("POST", confirm, {"data": typed}),
        ("GET", own, {}),
        ("POST", f"{own}{row.pk}/hide/", {"data": {}}),
        ("GET", "/admin/petitions/signature/", {"cookies": session}),
        ("GET", f"/c/{NAME}/", {}),
    ):
        answer = ask(origin, method, path, **more)
        assert answer.status_code == 500, (method, path, answer.status_code)
        assert answer.headers["X-Request-Id"] == "f" * 32
    with suppress(requests.RequestException):
        ask(origin, "GET", own, headers={"Streamed": "yes"})
    return confirm.split("/")[2], own.split("/")[2]


@pytest.mark.requirement("S10")
def test_nobody_is_told_of_in_a_log_or_an_error_report(site, collector, live, smtp, tmp_path):
    running, origin = site
    links = walk(origin, live, logged_in(make_staff()))
    assert Signature.objects.filter(petition=live.petition).count() == 2
    running.start("worker", *WORKER)
    app.send_task("faults.quote_everything", [ADDRESS])
    until(lambda: any(event.get("transaction") == "faults.quote_everything" for event in collector.events))
    time.sleep(1)
    log = "".join((tmp_path / f"{name}.log").read_text() for name in ("web", "worker"))
    for said in (log, *collector.envelopes):
        for word in (*WORDS, *links):
            assert word not in said, (word, said[max(said.find(word) - 300, 0) : said.find(word) + 100])
    _tells_where_it_was(collector.events)
    _is_json_with_ids(log)


def _tells_where_it_was(events):
    faults = [event for event in events if "exception" in event]
    pages = {event.get("transaction", "/<no page>") for event in faults if "request" in event}
    assert {"/c/{slug}/sign/", "/confirm/{token}/", "/my/{token}/"} <= pages, pages
    assert {event["request"]["url"] for event in faults if "request" in event} == {
        f"http://testserver{p}" for p in pages
    }
    assert {"request": "f" * 32} in [event["tags"] for event in faults]
    assert "faults.quote_everything" in {event["tags"].get("name") for event in faults}
    assert {each["value"] for event in faults for each in event["exception"]["values"]} == {"<left out>"}
    assert not re.search(
        r'"(vars|user|data|headers|cookies|query_string|breadcrumbs|extra|abs_path)":', json.dumps(events)
    )
    assert "a page of ours failed: %s" in {event.get("logentry", {}).get("message") for event in events}


def _is_json_with_ids(log):
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    failed = [line for line in lines if "exception" in line]
    assert {line["request"] for line in failed if "request" in line} == {"f" * 32}
    assert all("request" in line or "task" in line for line in failed), failed
    assert any(line.get("name") == "faults.quote_everything" for line in failed)
    assert any(line["logger"].startswith("_granian") for line in lines), "what broke off while it was sent"
    assert any("ValueError: <left out>" in line["exception"] for line in failed)
