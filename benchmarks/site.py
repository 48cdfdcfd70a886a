"""A site as it is deployed, by its units, with one live campaign. It keeps what it acknowledges: nothing of PostgreSQL's is off."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from benchmarks.tools import ROOT, Measured, cpu_seconds
from engines import Engines
from tests.drill.units import Unit, family, wait_for
from tests.settings import KEYS
from tests.smtp import free_port

SLUG = "bench"


class Site:
    def __init__(self, folder: Path, engines: Engines, environment: dict[str, str]) -> None:
        self.folder, self.engines, self.environment = folder, engines, environment
        self.port = int(environment["GRANIAN_PORT"])
        self.host, self.url = f"localhost:{self.port}", f"http://127.0.0.1:{self.port}"
        self.web = Unit("outcry-web", environment, folder / "web.log")
        self.workers = Unit("outcry-workers", environment, folder / "workers.log")

    def ask(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer and its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": self.host, **headers})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def is_there(self) -> bool:
        try:
            return self.ask("/healthz")[0].status == 200
        except OSError:
            return False

    def start_web(self) -> None:
        """Or it runs already."""
        if self.is_there():
            return
        self.web.start()
        wait_for(self.is_there, 60, "the site")

    def rows(self, query: str) -> list[tuple[int, ...]]:
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            done = connection.execute(query)
            return done.fetchall() if done.description else []

    def processes(self) -> dict[str, list[int]]:
        postgres, valkey = self.engines.postgres.process, self.engines.valkey.process
        assert postgres and valkey
        engines = {"PostgreSQL": family(postgres.pid), "Valkey": family(valkey.pid)}
        return {"web": self.web.members(), "workers": self.workers.members(), **engines}

    def watched(self, work: Callable[[], Measured]) -> Measured:
        """What `work` has measured, with the cores that each kind of process took meanwhile."""
        before = {who: cpu_seconds(pids) for who, pids in self.processes().items()}
        began = time.monotonic()
        said = work()
        took = time.monotonic() - began
        cpu = {who: (cpu_seconds(pids) - before[who]) / took for who, pids in self.processes().items()}
        return replace(said, cpu=cpu)

    def static_file(self, name: str, size: int) -> None:
        """Puts so many bytes among the static files."""
        (Path(self.environment["STATIC_ROOT"]) / name).write_bytes(os.urandom(size))

    def data(self, what: str, *arguments: object) -> str:
        """Has benchmarks/data.py make something, and answers what it prints."""
        return self.run("-m", "benchmarks.data", what, *map(str, arguments))

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
        site.data("campaign", SLUG)
        yield site
    finally:
        for unit in (site.workers, site.web):
            if unit.process:
                unit.stop()
        engines.stop()
        engines.postgres.remove()
