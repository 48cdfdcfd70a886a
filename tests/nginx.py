"""A real nginx on loopback, with the configuration that we ship, in front of an origin."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drill.units import wait_for
from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running(folder: Path, origin: str, static: str, host: str, beside: str = "") -> Iterator[int]:
    """Its port. `origin`, and the stand-in `beside` it: host and port; `static`: STATIC_ROOT; `host`: by which name the origin knows
    itself. What it says and keeps is in `folder`."""
    port = free_port()
    values = {
        "OUTCRY_ORIGIN": origin,
        "OUTCRY_STATIC": static,
        "OUTCRY_LISTEN": f"127.0.0.1:{port}",
        "OUTCRY_PLAIN": f"127.0.0.1:{free_port()}",
        "OUTCRY_BESIDE": beside or f"127.0.0.1:{free_port()}",
        "OUTCRY_NAME": "localhost",
    }
    path = write(folder, values)
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([binary, "-c", str(path), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port, host), 10, "nginx")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def write(folder: Path, values: dict[str, str], more: str = "", workers: tuple[str, int] = ("1", 4096)) -> Path:
    """A whole configuration around the shipped one, whose words become `values`; `more` of the http block stands before it; `workers`:
    how many processes answer, and how many connections each of them may have."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    (folder / "cache").mkdir(exist_ok=True)
    # Without TLS, as tests speak; tests/e2e/test_tls.py has it.
    own = {"OUTCRY_CACHE": str(folder / "cache"), "OUTCRY_ACME": str(folder), "OUTCRY_TLS": "/dev/null"}
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    for name, value in {**own, **values}.items():
        shipped = shipped.replace(name, value)
    # Its worker must reach this folder of ours.
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/main.log notice;\nworker_processes {workers[0]};\npcre_jit on;\n"
    events = f"events {{\nworker_connections {workers[1]};\n}}\n"
    path = folder / "nginx.conf"
    path.write_text(f"{main}{events}http {{\n{more}{shipped}\n}}\n")
    return path


def _answers(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status in (200, 503)
    except OSError:
        return False
    finally:
        connection.close()
