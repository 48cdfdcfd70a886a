"""The web server as it is shipped: one process that loads everything, and those that answer, forked from it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from demo.processes import Processes, web
from tests.drill.units import children, kill
from tests.journeys.test_worker import environment, until
from tests.relay import relaying
from tests.smtp import free_port

pytestmark = pytest.mark.django_db(transaction=True)
WATCHED = {"SENTRY_DSN": "http://key@127.0.0.1:1/1", "LOG_FORMAT": "json"}
WHAT_RUNS = """
import threading, django
django.setup()
from django.template import engines
from operations import serving
from operations.management.commands.web import load_once
load_once()
print(sorted(thread.name for thread in threading.enumerate()))
kept = engines["django"].engine.template_loaders[0].get_template_cache
print([name for name in ("public/check_mail.html", "errors/busy.html", "base.html") if name not in kept])
serving.begin()
print(sorted(thread.name for thread in threading.enumerate() if thread.name != "look for Pango"))
"""


@pytest.fixture
def site(django_db_setup, collected, tmp_path):
    port = free_port()
    variables = {**environment(collected), **web(port), "METRICS_DIR": str(tmp_path / "metrics")}
    running = Processes(variables, tmp_path)
    running.start("web", "manage.py", "web")
    running.wait_for(f"http://127.0.0.1:{port}/readyz", "web")
    yield running, f"http://127.0.0.1:{port}/healthz"
    running.stop()


def kilobytes(pid, name):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}_"))


def test_those_who_answer_share_what_was_loaded_and_count_in_one_place(site, tmp_path):
    running, _ = site
    first = running.running[0][1].pid
    both = children(first)
    assert len(both) == 2
    for pid in both:
        shared, own = kilobytes(pid, "Shared"), kilobytes(pid, "Private")
        assert shared > own, (shared, own)
    assert [folder.name for folder in (tmp_path / "metrics").iterdir() if folder.is_dir()] == [f"web-{first}"]


def test_who_is_killed_is_replaced_and_all_end_when_they_are_told_to(site):
    running, url = site
    process = running.running[0][1]
    both = children(process.pid)
    for pid in both:
        kill(pid)
    until(lambda: len(set(children(process.pid)) - set(both)) == 2)
    running.wait_for(url, "web")
    left = children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)


def test_who_is_killed_while_postgres_is_away_is_replaced_all_the_same(django_db_setup, collected, tmp_path):
    """It would ask the database whether its environment is right, and end, and the whole server with it."""
    database = connection.get_connection_params()

    def connect():
        if not database["host"].startswith("/"):
            return socket.create_connection((database["host"], database.get("port") or 5432))
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{database['host']}/.s.PGSQL.{database.get('port') or 5432}")
        return made

    port = free_port()
    with relaying(connect) as relay:
        login = f"{database['user']}:{database.get('password') or 'x'}"
        url = f"postgres://{login}@127.0.0.1:{relay.port}/{database['dbname']}"
        running = Processes({**environment(collected), **web(port), "DATABASE_URL": url}, tmp_path)
        running.start("web", "manage.py", "web")
        running.wait_for(f"http://127.0.0.1:{port}/readyz", "web")
    try:
        first = running.running[0][1].pid
        both = children(first)
        for pid in both:
            kill(pid)
        until(lambda: len(set(children(first)) - set(both)) == 2)
        running.wait_for(f"http://127.0.0.1:{port}/healthz", "web")
    finally:
        running.stop()


def test_nothing_runs_beside_it_when_its_processes_are_forked(django_db_setup, collected):
    """A lock that another thread holds at that moment would stay locked in the new process, for ever."""
    said = subprocess.run(
        [sys.executable, "-c", WHAT_RUNS],
        env={**os.environ, **environment(collected), **WATCHED},
        capture_output=True,
        text=True,
    )
    # Then the templates that were not loaded, and who runs in each process.
    assert said.stdout.splitlines() == ["['MainThread']", "[]", "['MainThread', 'machine', 'readiness']"], said.stderr
