"""The processes of a running site: started with argument lists, watched, and ended in reverse order. Only our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Failed(Exception):
    """Something did not start; the message is the one line to show."""


def web(port: int, workers: int = 2, threads: int = 4) -> dict[str, str]:
    """What tells `manage.py web` where to listen, on loopback, with how many processes, of how many threads each."""
    return {
        "GRANIAN_HOST": "127.0.0.1",
        "GRANIAN_PORT": str(port),
        "GRANIAN_WORKERS": str(workers),
        "GRANIAN_BLOCKING_THREADS": str(threads),
    }


class Processes:
    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment = {**os.environ, **environment}
        self.logs = logs
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.arguments: dict[str, tuple[str, ...]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def python(self, *arguments: str) -> list[str]:
        return [sys.executable, *arguments]

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Runs `python <arguments>` in the background, its output in `<logs>/<name>.log`."""
        mode = "ab" if name in self.arguments else "wb"
        self.arguments[name] = arguments
        with self._log(name).open(mode) as output:
            process = subprocess.Popen(
                self.python(*arguments),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append((name, process))
        return process

    def start_site(self, port: int, workers: int = 2) -> None:
        """The pages, with so many web `workers`, and the Celery workers with their clock."""
        self.environment |= web(port, workers)
        self.start("web", "manage.py", "web")
        self.start("workers", "manage.py", "workers")
        self.wait_for(f"http://127.0.0.1:{port}/readyz", "web")

    def run(self, name: str, *arguments: str) -> str:
        """What `python <arguments>` printed. Raises Failed."""
        result = subprocess.run(
            self.python(*arguments), cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True
        )
        self._log(name).write_bytes(result.stdout + result.stderr)
        if result.returncode:
            raise Failed(f"{name} failed: {self._last_line(name)} (all of it: {self._log(name)})")
        return result.stdout.decode()

    def seed(self) -> None:
        """Loads the demo campaigns; from here on the site knows which public keys are its own. Raises Failed."""
        name, _, value = self.run("seed", "-m", "demo.seed").strip().rpartition("\n")[2].partition("=")
        self.environment[name] = value

    def wait_for(self, url: str, name: str, seconds: int = 60) -> None:
        host = self.environment["SITE_URL"].split("//")[1]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise Failed(
            f"{name} did not answer within {seconds} s: {self._last_line(name)} (all of it: {self._log(name)})"
        )

    def check(self) -> None:
        """Raises Failed when one of them has ended by itself."""
        for name, process in self.running:
            if process.poll() is not None:
                raise Failed(f"{name} has ended: {self._last_line(name)} (all of it: {self._log(name)})")

    def mend(self) -> list[str]:
        """Begins again whatever ended by itself; their names."""
        ended = [(name, process) for name, process in self.running if process.poll() is not None]
        for name, process in ended:
            # What it left running would still hold its port.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            self.running.remove((name, process))
            self.start(name, *self.arguments[name])
        return [name for name, _ in ended]

    def stop(self) -> None:
        for _, process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for _, process in reversed(self.running):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name.replace(' ', '-')}.log"

    def _last_line(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"
