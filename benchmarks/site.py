"""A site as it is deployed, by its units, with one live campaign. It keeps what it acknowledges: nothing of PostgreSQL's is off."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.tools import ROOT
from engines import Engines
from tests.drill.units import Unit, family, wait_for
from tests.settings import KEYS
from tests.smtp import free_port

SLUG = "bench"
MAKE_A_CAMPAIGN = f"""
import django
django.setup()
from tests import factories
campaign = factories.campaign(slug="{SLUG}", signature_goal=10_000_000)
"""


class Site:
    def __init__(self, folder: Path, engines: Engines, environment: dict[str, str]) -> None:
        self.folder, self.engines, self.environment = folder, engines, environment
        self.port = int(environment["GRANIAN_PORT"])
        self.host, self.url = f"localhost:{self.port}", f"http://127.0.0.1:{self.port}"
        self.web = Unit("outcry-web", environment, folder / "web.log")
        self.workers = Unit("outcry-workers", environment, folder / "workers.log")

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """The answer, which has been read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": self.host, **headers})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def is_there(self) -> bool:
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def start_web(self) -> None:
        self.web.start()
        wait_for(self.is_there, 60, "the site")

    def rows(self, query: str) -> list[tuple[int, ...]]:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            done = connection.execute(query)
            return done.fetchall() if done.description else []

    def processes(self) -> dict[str, list[int]]:
        postgres, valkey = self.engines.postgres.process, self.engines.valkey.process
        assert postgres and valkey
        return {"web": self.web.members(), "PostgreSQL": family(postgres.pid), "Valkey": family(valkey.pid)}

    def run(self, *arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return ran.stdout


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Site]:
    """`more`: variables of its environment."""
    engines, port = Engines(folder, "bench"), free_port()
    environment = {
        **KEYS,
        **engines.start(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "TRUSTED_PROXIES": "127.0.0.1/32",
        "GRANIAN_HOST": "127.0.0.1",
        "GRANIAN_PORT": str(port),
        "STATIC_ROOT": str(folder / "static"),
        **more,
    }
    site = Site(folder, engines, environment)
    try:
        site.run("manage.py", "migrate", "--verbosity", "0")
        site.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        site.run("-c", MAKE_A_CAMPAIGN)
        yield site
    finally:
        for unit in (site.workers, site.web):
            if unit.process:
                unit.stop()
        engines.stop()
        engines.postgres.remove()
