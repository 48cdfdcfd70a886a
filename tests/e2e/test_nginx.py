"""Behind a real nginx with the configuration that we ship: pages are kept, and nobody is written down, not even when we fail."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = "127.0.0.77"


@contextmanager
def running(site, tmp_path, origin):
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    port = free_port()
    tmp_path.chmod(0o755)
    (tmp_path / "cache").mkdir()
    values = {
        "OUTCRY_ORIGIN": origin, "OUTCRY_STATIC": str(ROOT / "staticfiles"),
        "OUTCRY_CACHE": str(tmp_path / "cache"), "OUTCRY_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    for name, value in values.items():
        shipped = shipped.replace(name, value)
    # Its worker must reach this folder of ours.
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = f"{user}daemon off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/main.log notice;\nworker_processes 1;\nevents {{}}\nhttp {{\n{shipped}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    process = subprocess.Popen(
        [binary, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if ask(port, site, "/healthz")[0] in (200, 502):
                break
        except OSError:
            time.sleep(0.1)
    yield port, tmp_path
    process.send_signal(signal.SIGTERM)
    process.wait(10)


@pytest.fixture
def nginx(site, tmp_path):
    with running(site, tmp_path, site.url.removeprefix("http://localhost").replace(":", "127.0.0.1:")) as started:
        yield started


def ask(port, site, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(CLIENT, 0))
    connection.request(method, path, headers={"Host": site.url.removeprefix("http://")})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def test_pages_come_through_and_nobody_is_written_down_even_when_the_origin_fails(nginx, site):
    port, folder = nginx
    path = site.campaign.removeprefix(site.url)
    assert ask(port, site, path)[0] == 200
    assert ask(port, site, "/confirm/SECRET-TOKEN/")[0] == 404
    web = dict(site.processes.running)["web"]
    web.send_signal(signal.SIGSTOP)
    try:
        for _ in range(3):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1, source_address=(CLIENT, 0))
            try:
                connection.request(
                    "GET", "/confirm/SECRET-TOKEN/?again", headers={"Host": site.url.removeprefix("http://")}
                )
                connection.getresponse()
            except OSError:
                continue
            finally:
                connection.close()
    finally:
        web.send_signal(signal.SIGCONT)
    written = b"".join(file.read_bytes() for file in [*folder.glob("*.log"), *site.processes.logs.glob("*.log")])
    assert CLIENT.encode() not in written
    assert b"SECRET-TOKEN" not in written


def test_nobody_is_written_down_when_the_origin_is_gone(site, tmp_path):
    with running(site, tmp_path, f"127.0.0.1:{free_port()}") as (port, folder):
        assert ask(port, site, "/confirm/SECRET-TOKEN/")[0] == 502
        written = b"".join(file.read_bytes() for file in folder.glob("*.log"))
    assert CLIENT.encode() not in written
    assert b"SECRET-TOKEN" not in written
