"""A migration that can't have its table does not hold up those who sign, and machines that are upgraded at once migrate once."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.upgrade.databases import scratch
from tests.upgrade.record import ROOT


@pytest.fixture(scope="module")
def database():
    with scratch("locked") as url:
        assert migrate(url).returncode == 0
        yield url


def migrate(url, *arguments):
    variables = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=300)


def test_it_gives_up_says_so_and_can_be_run_again(database):
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE django_session IN ACCESS SHARE MODE")
        result = migrate(database, "sessions", "zero", "--lock-timeout", "1")
    assert result.returncode == 1
    assert "CommandError: A table was not free within 1 s" in result.stderr
    assert "Traceback" not in result.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone()[0] == 0
    for where in (["sessions", "zero"], []):
        again = migrate(database, *where)
        assert again.returncode == 0, again.stderr


def test_machines_that_begin_at_once_migrate_one_after_the_other():
    with scratch("together") as url, ThreadPoolExecutor(3) as machines:
        results = list(machines.map(migrate, [url] * 3))
    assert [result.returncode for result in results] == [0, 0, 0], [result.stderr for result in results]
    waited = ["Another migrate is at work" in result.stderr for result in results]
    assert any(waited) and not all(waited)


def test_who_waits_holds_up_no_index(database):
    key = int.from_bytes(hashlib.sha256(b"migrate").digest()[:8], "big", signed=True)
    with psycopg.connect(database, autocommit=True) as other, ThreadPoolExecutor(1) as machine:
        other.execute("SELECT pg_advisory_lock(%s)", [key])
        waiting = machine.submit(migrate, database)
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%advisory_lock%'"
        )
        while other.execute(asked).fetchone()[0] < 2:
            assert not waiting.done(), waiting.result().stderr
        other.execute("SET statement_timeout = '20s'")
        other.execute("CREATE INDEX CONCURRENTLY beside ON django_session (expire_date)")
        other.execute("DROP INDEX beside")
        assert not waiting.done()
        other.execute("SELECT pg_advisory_unlock(%s)", [key])
        assert waiting.result().returncode == 0
