"""A whole site for the browser: Granian, a Celery worker and beat, a real mail server, and X simulated."""

from __future__ import annotations

import os
import re
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import psycopg
import pytest

from demo import campaigns as data
from demo import secrets
from demo.processes import Processes
from engines import Valkey
from tests.smtp import Mailbox, free_port, serving
from xsim import Simulator


@dataclass
class Site:
    url: str
    mailbox: Mailbox
    x: Simulator
    secrets: dict
    processes: Processes

    @property
    def campaign(self) -> str:
        return f"{self.url}/c/{data.EXAMPLE.slug}/"

    def link_in_mail_to(self, address: str, path: str, last: str = r"[^\s/]+/") -> str:
        """The newest link below `path` that was mailed to this address; waits for it. `last`: a pattern for what comes after."""
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            for envelope in reversed(self.mailbox.received):
                if envelope.rcpt_tos == [address]:
                    text = (
                        message_from_bytes(envelope.content, policy=policy.default).get_body(("plain",)).get_content()
                    )
                    found = re.search(rf"{re.escape(self.url)}(/\w\w)?/{path}/{last}", text)
                    if found:
                        return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}")


@contextmanager
def running(folder: Path, name: str, prepare: Callable[[Processes], object], **settings: str) -> Iterator[Site]:
    """A site of its own, with its own database of this name. `prepare`: what is loaded into it."""
    database = f"{name}_{os.getpid()}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    # Asked every other second, by a site that goes on for longer than one window of X.
    simulator = Simulator(bearer="e2e-bearer", client_id="e2e", client_secret="e2e-secret", window_seconds=30)
    simulator.add_user("ana_at_x", name="Ana", id="4711")
    simulator.offer_login("ana_at_x")
    port = free_port()
    kept = secrets.load(folder / "secrets")
    # Of its own: tests wipe theirs.
    valkey = Valkey()
    with serving() as mailbox, simulator.serve() as x:
        environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": re.sub(r"/[^/?]+\?", f"/{database}?", server),
            "REDIS_URL": valkey.start(),
            "SITE_URL": f"http://localhost:{port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
            "X_API_BASE": x.replace("127.0.0.1", "localhost"),
            "X_BEARER_TOKEN": "e2e-bearer",
            "X_CLIENT_ID": "e2e",
            "X_CLIENT_SECRET": "e2e-secret",
            "X_POLL_SECONDS": "2",
            "TRUSTED_PROXIES": "127.0.0.1/32,::1/128",
            "DEMO_EPOCH": "2026-01-01T00:00:00Z",
            # Of its own: two at once would delete each other's files while they collect.
            "STATIC_ROOT": str(folder / "static"),
            **settings,
        }
        processes = Processes(environment, folder / "logs")
        try:
            processes.run("migrate", "manage.py", "migrate", "--verbosity", "0")
            processes.run("static", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
            prepare(processes)
            processes.start_site(port)
            yield Site(f"http://localhost:{port}", mailbox, simulator, kept, processes)
        finally:
            processes.stop()
            valkey.stop()
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site"), "e2e", Processes.seed) as whole:
        yield whole


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    names = ("chromium", "google-chrome", "chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)))
    if os.geteuid() == 0 and shutil.which("setpriv"):
        os.environ["CHROMIUM"], path = path, str(Path(__file__).with_name("chromium.sh"))
    arguments = [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
    ]
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture
def browser_context_args(browser_context_args, request):
    """Each visitor comes from an address of their own, as people do: what is counted by address is counted apart."""
    number = zlib.crc32(request.node.nodeid.encode())
    address = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1"
    return {**browser_context_args, "extra_http_headers": {"X-Forwarded-For": address}}


@pytest.fixture
def watched(page, site):
    """A page of which nothing escapes: foreign requests, errors in the console, and cookies."""
    page.foreign, page.complaints = [], []
    page.on("request", lambda request: request.url.startswith((site.url, "data:")) or page.foreign.append(request.url))
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def shots(name: str) -> Path:
    folder = Path(__file__).resolve().parent.parent.parent / "shots"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.png"
