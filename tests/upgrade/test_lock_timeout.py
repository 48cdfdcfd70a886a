"""A migration that can't have its table does not hold up those who sign."""

import os
import subprocess
import sys

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
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)


def test_it_gives_up_says_so_and_can_be_run_again(database):
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE django_session IN ACCESS SHARE MODE")
        result = migrate(database, "sessions", "zero", "--lock-timeout", "1")
    assert result.returncode == 1
    assert "CommandError: A table was not free within 1 s" in result.stderr
    assert "Traceback" not in result.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone()[0] == 0
    again = migrate(database, "sessions", "zero")
    assert again.returncode == 0, again.stderr
