"""What makes the web server say that it would take a signature, and what makes it say that it would not."""

import logging
import time

import pytest
from django.db import connection

from core import closing
from core.models import KeyProof
from operations.watching import readiness
from operations.watching.readiness import Note, look

pytestmark = pytest.mark.django_db


def ask(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_all_is_well():
    seen = look()
    assert seen.problems == ()
    assert seen.takes_writes
    assert seen.age < 5


def test_a_look_leaves_nothing_behind_and_leaves_the_connection_as_it_was():
    changed = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    with connection.cursor() as cursor:
        cursor.execute(changed)
        before = cursor.fetchone()
        look()
        cursor.execute(changed)
        assert cursor.fetchone() == before


@pytest.mark.django_db(transaction=True)
def test_it_is_a_commit_that_the_database_has_to_keep():
    """Its place in the log of PostgreSQL moves: what a standby, or a disk that keeps nothing, could not do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        before = int(cursor.fetchone()[0])
        look()
        cursor.execute("SELECT pg_current_xact_id()")
        # At least: others use this server too.
        assert int(cursor.fetchone()[0]) >= before + 2


@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads_is_not_enough():
    ask("SET default_transaction_read_only = on")
    try:
        seen = look()
    finally:
        ask("SET default_transaction_read_only = off")
    assert seen.problems == ("the database is read-only",)
    assert not seen.takes_writes


@pytest.mark.django_db(transaction=True)
def test_a_disk_on_which_no_file_finds_room_is_not_enough():
    ask("SET temp_file_limit = '16kB'")
    try:
        seen = look()
    finally:
        ask("SET temp_file_limit = -1")
    assert not seen.takes_writes
    assert seen.problems == ("the database takes no writes (ConfigurationLimitExceeded)",)


def test_a_migration_of_this_code_is_missing():
    ask("DELETE FROM django_migrations WHERE app = 'petitions' AND name = '0001_initial'")
    seen = look()
    assert seen.problems == ("migration petitions.0001_initial is not applied",)
    assert seen.takes_writes


def test_a_newer_release_may_have_migrated_before_us():
    ask("INSERT INTO django_migrations (app, name, applied) VALUES ('petitions', '9999_of_tomorrow', now())")
    assert look().problems == ()


def test_an_empty_database_is_not_enough():
    ask("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert not look().takes_writes


def test_every_migration_of_the_code_is_looked_for():
    from django.db.migrations.loader import MigrationLoader

    assert readiness.needed() == {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def test_keys_that_do_not_fit_are_named_and_not_shown(settings):
    settings.HASH_KEYS = {1: b"another-key-another-key-another-key"}
    seen = look()
    assert seen.problems == ("HASH_KEYS does not fit the data",)
    settings.FIELD_KEYS = ["YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlcmE="]
    assert "FIELD_KEYS does not fit the data" in look().problems
    assert KeyProof.objects.exists()


def test_a_change_is_logged_once(monkeypatch, caplog):
    monkeypatch.setattr(readiness, "_last", None)
    caplog.set_level(logging.WARNING)
    well, ill = (Note(time.monotonic(), True, problems) for problems in ((), ("the database is read-only",)))
    for each in (well, ill, ill, well, well):
        readiness.note(each)
    assert [record.getMessage() for record in caplog.records] == ["not ready: the database is read-only", "ready again"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["SET default_transaction_read_only = on", "SET temp_file_limit = '1kB'"])
def test_a_closed_site_stays_closed_while_the_database_is_away(monkeypatch, fault):
    closing.close()
    monkeypatch.setattr(readiness, "_last", None)
    readiness.note(look())
    assert readiness.is_closed()
    ask(fault)
    try:
        readiness.note(look())
    finally:
        connection.close()
    assert not readiness._last.takes_writes
    assert readiness.is_closed()
    closing.open_again()
    readiness.note(look())
    assert not readiness.is_closed()
