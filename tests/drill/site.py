"""A site of its own under the shipped units and behind the shipped nginx, with what deploy/install.sh sets: PostgreSQL that keeps what it
acknowledged, Valkey, a mail server, a live campaign."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from engines import Engines
from tests import nginx
from tests.drill.behind import Behind
from tests.drill.load import Load, on_loopback
from tests.drill.units import ROOT, Service, Unit, family, kill, lines, memory, wait_for
from tests.keys import KEYS
from tests.smtp import Mailbox, free_port, serving

METRICS_TOKEN = "only-for-tests-only-for-tests-only"
TIMES = int(os.environ.get("TIMES", "1"))
STATIC = str(ROOT / "staticfiles")
# Those of the load come from many places, as they say (tests/drill/load.py).
REAL = "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\n"
# Debian's own nginx.conf, which deploy/install.sh leaves as it is.
DEBIANS = ("auto", 768)
MAKE_A_CAMPAIGN = """
import django
django.setup()
from django.utils import timezone
from tests import factories
factories.campaign(slug="drill", signature_goal=10_000)
"""


class Site:
    def __init__(self, folder: Path, engines: Engines, environment: dict[str, str], mailbox: Mailbox) -> None:
        self.folder, self.engines, self.environment, self.mailbox = folder, engines, environment, mailbox
        self.port = int(environment["GRANIAN_PORT"])
        self.web = Unit("outcry-web", environment, folder / "web.log")
        self.workers = Unit("outcry-workers", environment, folder / "workers.log")
        self.front = free_port()
        self.nginx = self._nginx()
        self.load = Load(on_loopback(self.front), f"localhost:{self.port}", "drill", mailbox, times=TIMES)
        self.behind = Behind(self.rows)

    def _nginx(self) -> Service:
        values = {
            "OUTCRY_ORIGIN": f"127.0.0.1:{self.port}",
            "OUTCRY_BESIDE": f"127.0.0.1:{free_port()}",
            "OUTCRY_STATIC": STATIC,
            "OUTCRY_LISTEN": f"127.0.0.1:{self.front}",
            "OUTCRY_PLAIN": f"127.0.0.1:{free_port()}",
            "OUTCRY_NAME": "localhost",
        }
        path = nginx.write(self.folder / "nginx", values, REAL, DEBIANS)
        command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(path), "-p", str(path.parent)]
        pause = float(lines(ROOT / "deploy/systemd/comes-back.conf")["RestartSec"])
        return Service("nginx", command, {}, self.folder / "nginx.log", pause)

    def start(self) -> None:
        self.nginx.start()
        self.web.start()
        self.workers.start()
        self.began_within = wait_for(self.is_ready, 60, "the site")
        self.behind.start()

    def is_ready(self) -> bool:
        try:
            return self.load.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def memory(self) -> float:
        """Megabytes that all of it takes, database, Valkey and nginx included."""
        servers = [self.engines.postgres.process.pid, self.engines.valkey.process.pid, self.nginx.process.pid]
        return memory(
            [*self.web.members(), *self.workers.members(), *(pid for server in servers for pid in family(server))]
        )

    def rows(self, query: str) -> list[tuple]:
        with psycopg.connect(self.environment["DATABASE_URL"], connect_timeout=2) as connection:
            return connection.execute(query).fetchall()

    def stop(self) -> None:
        self.load.end()
        self.behind.end()
        self.workers.stop()
        self.web.stop()
        self.nginx.stop()

    def kill_nginx(self) -> None:
        """All of it: systemd leaves none of its processes."""
        for pid in family(self.nginx.process.pid):
            kill(pid)

    def kill_postgres(self) -> None:
        """Power off: nothing is told to end."""
        kill(self.engines.postgres.process.pid)
        self.engines.postgres.process.wait()

    def stop_postgres(self) -> None:
        """In good order, as systemd does it: it waits for nobody."""
        self.engines.postgres.process.send_signal(signal.SIGINT)
        self.engines.postgres.process.wait()

    def kill_valkey(self) -> None:
        kill(self.engines.valkey.process.pid)
        self.engines.valkey.process.wait()

    def begin_engines_again(self) -> None:
        self.engines.mend()


def run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True
    )


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Site]:
    """`more`: variables of its environment."""
    engines, port = Engines(folder, "drill"), free_port()
    with serving() as mailbox:
        environment = {
            **KEYS,
            **engines.start(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
            "SITE_URL": f"http://localhost:{port}",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(port),
            "STATIC_ROOT": STATIC,
            "METRICS_DIR": str(folder / "metrics"),
            "METRICS_TOKEN": METRICS_TOKEN,
            "JOURNAL_PATH": str(folder / "journal"),
            **more,
        }
        try:
            run(environment, "manage.py", "migrate", "--verbosity", "0")
            run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
            run(environment, "-c", MAKE_A_CAMPAIGN)
            site = Site(folder, engines, environment, mailbox)
            try:
                site.start()
                yield site
            finally:
                site.stop()
        finally:
            engines.stop()
            engines.postgres.remove()
