"""What a real primary says of its standby: synchronous, late, lost, promoted; and what a role without rights hears of it."""

import shutil
import subprocess

import environ
import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from operations.watching import standbys
from tests.drill.units import wait_for
from tests.standby import streaming

pytestmark = pytest.mark.usefixtures("wanted")


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with streaming(tmp_path_factory.mktemp("watched"), "CREATE ROLE plain LOGIN") as both:
        yield both


@pytest.fixture
def lost(tmp_path):
    """Servers that no other test needs afterwards."""
    with streaming(tmp_path) as both:
        yield both


@pytest.fixture
def wanted(settings):
    settings.DATABASE_STANDBYS = 1


@pytest.fixture
def told(django_db_blocker):
    """Gives what the reader says of a server, asked as that role: {name: value}."""
    usual = connections[DEFAULT_DB_ALIAS]

    def ask(server, user="postgres"):
        url = server.url("outcry").replace("postgres@", f"{user}@")
        settings = {**usual.settings_dict, **environ.Env.db_url_config(url), "ENGINE": "core.postgres"}
        connections[DEFAULT_DB_ALIAS] = own = type(usual)(settings, DEFAULT_DB_ALIAS)
        try:
            return {metric.name.removeprefix("outcry_"): value for metric, _, value in standbys.standbys()}
        finally:
            own.close()

    with django_db_blocker.unblock():
        yield ask
    connections[DEFAULT_DB_ALIAS] = usual


def say(server, *statements):
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def streams(server, name):
    with psycopg.connect(server.url("postgres")) as connection:
        asked = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = %s"
        return connection.execute(asked, [name]).fetchone()[0]


def wait_for_commits(server, names):
    say(server, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()")


def test_one_that_no_commit_waits_for_is_not_synchronous(servers, told):
    found = told(servers[0])
    assert (found["standbys_synchronous"], found["standbys_missing"], found["database_timeline"]) == (0, 0, 1)


def test_one_that_commits_wait_for_is(servers, told):
    wait_for_commits(servers[0], "ANY 1 (*)")
    try:
        wait_for(lambda: told(servers[0])["standbys_synchronous"] == 1, 10, "a synchronous standby")
        assert told(servers[0])["standbys_missing"] == 0
    finally:
        wait_for_commits(servers[0], "")


def test_what_it_has_yet_to_apply_is_its_lag(servers, told):
    say(servers[1], "SELECT pg_wal_replay_pause()")
    try:
        say(servers[0], "CREATE TABLE much AS SELECT generate_series(1, 10000)")
        assert told(servers[0])["standby_lag_bytes"] > 100_000
    finally:
        say(servers[1], "SELECT pg_wal_replay_resume()")
    wait_for(lambda: told(servers[0])["standby_lag_bytes"] == 0, 10, "a standby that has all")


def test_a_role_that_may_not_know_says_nothing_of_them(servers, told):
    assert set(told(servers[0], "plain")) == {"database_timeline"}
    say(servers[0], "GRANT pg_read_all_stats TO plain")
    assert told(servers[0], "plain")["standbys_missing"] == 0
    say(servers[0], "REVOKE pg_read_all_stats FROM plain")


def test_one_in_recovery_raises_nothing_and_says_nothing_of_itself(servers, told):
    assert told(servers[1]) == {}


@pytest.mark.parametrize(("name", "missing"), [("pg_basebackup", 1), ("other", 0)])
def test_somebody_who_makes_a_copy_is_no_standby(servers, told, settings, name, missing):
    settings.DATABASE_STANDBYS = 2
    primary = servers[0]
    folder = primary.home() / f"log-of-{name}"
    subprocess.run(["mkdir", folder], check=True, **primary.as_user)
    address = f"host={primary.socket} user=postgres application_name={name}"
    command = [primary._binaries() / "pg_receivewal", "--no-sync", "--directory", folder, "--dbname", address]
    copying = subprocess.Popen(command, cwd=primary.home(), **primary.as_user)
    try:
        wait_for(lambda: streams(primary, name), 10, "somebody who copies")
        assert told(primary)["standbys_missing"] == missing
    finally:
        copying.kill()
        copying.wait()
        shutil.rmtree(folder)


def test_one_that_should_be_there_is_missing(servers, told, settings):
    settings.DATABASE_STANDBYS = 2
    assert told(servers[0])["standbys_missing"] == 1


def test_a_lost_one_is_missing_and_a_promoted_one_begins_a_timeline(lost, told):
    primary, standby = lost
    primary.stop()
    say(standby, "SELECT pg_promote()")
    found = told(standby)
    assert (found["standbys_synchronous"], found["standbys_missing"], found["database_timeline"]) == (0, 1, 2)
    assert "standby_lag_bytes" not in found
