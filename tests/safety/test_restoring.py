"""A backup comes back into an empty database, without what people took back since, and closed."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from accounts import deleting
from accounts.models import User
from campaigns import pledging
from campaigns import tasks as campaign_tasks
from campaigns.models import Pledge, Status
from core import observations
from core.models import Closed
from engines.postgres import wheel
from operations import tasks as operations_tasks
from operations.closed import closed
from operations.models import JournalEntry
from operations.recovery import dumping, sealing, tools
from operations.recovery.journal import Verb
from petitions import caps, recount, signing, suppression, tally, tasks
from petitions.models import Signature, Suppression
from progress import daily_snapshots
from tests import factories
from tests.drill.units import wait_for
from tests.login import logged_in, make_staff
from tests.restoring import empty_database, on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings, tmp_path, monkeypatch):
    """Where backups and the journal go, and the identity that opens them."""
    monkeypatch.setenv("PATH", f"{wheel() / 'pginstall/bin'}{os.pathsep}{os.environ['PATH']}")
    identity, recipient = sealing.new_identity()
    (tmp_path / "identity").write_text(f"# a comment\n{identity}\n")
    settings.BACKUP_RECIPIENTS, settings.JOURNAL_PATH = [recipient], tmp_path / "journal"
    settings.SNAPSHOT_KEYS = {}
    return tmp_path


def back_up(site):
    call_command("backup", str(site / "backups"), stdout=StringIO())
    return max((site / "backups").glob("*.age"))


def test_that_a_backup_was_made_is_known(site):
    assert observations.since(observations.BACKED_UP) is None
    back_up(site)
    assert observations.since(observations.BACKED_UP) is not None


def restore(site, backup, *arguments):
    said = StringIO()
    call_command("restore", str(backup), "--identity", str(site / "identity"), *arguments, stdout=said)
    return said.getvalue()


def get(path, **more):
    """Over WSGI, as a web server asks."""
    told = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        "QUERY_STRING": "",
    }
    answer = closed(get_wsgi_application())
    body = b"".join(answer(environ | more, lambda status, headers: told.update(dict(headers), status=int(status[:3]))))
    return told, body


@pytest.mark.requirement("F5")
def test_a_restore_brings_back_what_was_counted_and_nothing_that_was_taken_back(live, site, smtp):
    petition, now = live.petition, timezone.now()
    old = now - timedelta(days=3)
    rows = factories.signatures(petition, 12, confirmed_at=old, show_name_at=now, updates_at=now)
    gone, erased, hidden, silent = rows[:4]
    before = factories.signature(petition, address="before@example.org", confirmed_at=old)
    due = factories.signature(petition, confirmed=False, address="due@example.org", mailed_at=None, mail_due_at=now)
    later = factories.signature(
        petition, confirmed=False, address="later@example.org", mailed_at=None, mail_due_at=now + timedelta(hours=1)
    )
    stranger = factories.signature(petition, confirmed=False, address="stranger@example.org")
    pledge = factories.pledge(factories.campaign(status=Status.INTEREST))
    tally.settle_all()
    signing.erase(before)
    factories.told(petition)
    daily_snapshots.take(live)
    assert tally.confirmed(petition) == 12

    backup = back_up(site)

    tasks.send_confirmations()
    assert len(smtp.received) == 1
    signing.withdraw(gone)
    signing.erase(erased)
    signing.hide(Signature.objects.filter(pk=hidden.pk))
    signing.unsubscribe(Signature.objects.filter(pk=silent.pk))
    pledging.take_back(pledge)
    # Its row is younger than the backup, which knows another row of the same mailbox.
    younger = factories.signature(petition, confirmed=False, address="Stranger@example.org", mailed_at=None)
    caps.note(younger)
    assert suppression.suppress(younger.pk)
    operations_tasks.write_journal()

    with empty_database() as name, on(name):
        said = restore(site, backup)
        assert "petition" in said and "12 in the backup, 10 now" in said
        assert {row.pk for row in Signature.objects.counting()} == {row.pk for row in rows} - {gone.pk, erased.pk}
        assert tally.confirmed(petition) == 10 and recount.differences() == []
        assert [row.email for row in Signature.objects.filter(pk__in=[before.pk, erased.pk])] == [None, None]
        assert Signature.objects.get(pk=hidden.pk).show_name_at is None
        assert Signature.objects.get(pk=rows[5].pk).show_name_at
        assert not Signature.objects.get(pk=silent.pk).gets_news
        assert not Signature.objects.filter(pk=stranger.pk).exists() and Suppression.objects.count() == 1
        assert not Pledge.objects.exists()
        assert list(Signature.objects.uncertain()) == [due]
        assert Signature.objects.get(pk=later.pk).mail_attempts == 0

        again = StringIO()
        call_command("replay_journal", str(site / "journal"), str(old.isoformat()), stdout=again)
        assert again.getvalue().strip() == "Nothing to be done."

        assert_closed(live, smtp)
        call_command("open", stdout=StringIO())
        tasks.send_confirmations()
        assert len(smtp.received) == 1


@pytest.mark.requirement("F5")
def test_a_supporter_who_deleted_the_account_is_not_restored(site):
    gone, stays, asked, chosen = (User.objects.create(username=f"x-{number}") for number in range(4))
    SocialAccount.objects.create(user=gone, provider="twitter_oauth2", uid="4711", extra_data={"username": "ana"})
    backup = back_up(site)
    browser = Client()
    browser.force_login(gone)
    assert browser.post("/accounts/me/delete/").status_code == 302
    # These asked staff.
    administrator = logged_in(make_staff())
    for path, form in (
        (f"/admin/accounts/user/{asked.pk}/delete/", {"post": "yes"}),
        ("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": chosen.pk, "post": "yes"}),
    ):
        assert administrator.post(path, form).status_code == 302
    operations_tasks.write_journal()
    with empty_database() as name, on(name):
        said = restore(site, backup)
        assert "delete account 3" in said
        assert list(User.objects.all()) == [stays]
        assert not SocialAccount.objects.exists()


@pytest.mark.requirement("F5")
def test_a_journal_deletes_no_staff_and_nobody_who_joined_later(site):
    """A restored site gives an account that was lost with its number to somebody else."""
    lost = User.objects.create(username="x-1")
    number, earlier = lost.pk, make_staff()
    deleting.delete(lost)
    JournalEntry.objects.create(verb=Verb.DELETE_ACCOUNT, model="accounts.User", row=str(earlier.pk))
    operations_tasks.write_journal()
    JournalEntry.objects.all().delete()
    later = User.objects.create(username="x-2", pk=number)
    said = StringIO()
    call_command("replay_journal", str(site / "journal"), (timezone.now() - timedelta(days=1)).isoformat(), stdout=said)
    assert "delete account 2" in said.getvalue()
    assert set(User.objects.all()) == {earlier, later}


def assert_closed(live, smtp):
    Signature.objects.filter(address_hash__isnull=False).update(mail_due_at=None)
    waiting = factories.signature(live.petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    tasks.send_confirmations()
    assert len(smtp.received) == 1
    Signature.objects.filter(pk=waiting.pk).delete()
    told, page = get(f"/c/{live.slug}/")
    assert told["status"] == 503 and told["Retry-After"] == "60" and b"Back in a moment" in page
    assert get("/readyz")[0]["status"] == 503
    assert get("/healthz")[0]["status"] == 200


@pytest.mark.requirement("F5")
def test_what_postgresql_itself_put_back_is_made_ready_in_the_same_way(live, site):
    row = factories.signature(live.petition)
    due = factories.signature(live.petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    put_back_to = timezone.now()
    signing.withdraw(row)
    operations_tasks.write_journal()
    # As it was at that moment.
    Signature.objects.filter(pk=row.pk).update(withdrawn_at=None)
    JournalEntry.objects.all().delete()
    said = StringIO()
    call_command("replay_journal", str(site / "journal"), put_back_to.isoformat(), "--restored", stdout=said)
    assert "withdraw 1" in said.getvalue() and "manage.py open" in said.getvalue()
    assert Closed.objects.exists() and not Signature.objects.counting().exists()
    assert list(Signature.objects.uncertain()) == [due]


@pytest.mark.requirement("F5")
def test_what_the_clock_asked_for_since_is_not_mailed_again(site, smtp):
    campaign = factories.campaign()
    day = factories.day_of_action(campaign, starts_at=timezone.now() + timedelta(minutes=5))
    pledge = factories.pledge(campaign, remind="hour")
    backup = back_up(site)
    campaign_tasks.remind()
    campaign_tasks.send_reminders()
    assert len(smtp.received) == 1 and pledge.reminders.get().moment == day
    with empty_database() as name, on(name):
        assert "1 mails may have gone out" in restore(site, backup, "--without-journal")
        call_command("open", stdout=StringIO())
        campaign_tasks.remind()
        campaign_tasks.send_reminders()
    assert len(smtp.received) == 1


@pytest.mark.requirement("F5")
def test_a_backup_of_a_newer_release_or_under_other_keys_is_not_taken(live, site, settings, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(MigrationRecorder, "applied_migrations", lambda self: {("core", "0099_of_tomorrow"): None})
        newer = back_up(site)
    with empty_database() as name, on(name):
        with pytest.raises(CommandError, match="newer release, which knew core.0099_of_tomorrow"):
            restore(site, newer, "--without-journal")
        assert not connection.introspection.table_names()
    newer.unlink()
    backup = back_up(site)
    settings.FIELD_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q="]
    with empty_database() as name, on(name):
        with pytest.raises(CommandError, match="FIELD_KEYS do not fit"):
            restore(site, backup, "--without-journal")
        assert Closed.objects.exists()


@pytest.mark.requirement("F5")
def test_only_an_empty_database_is_restored_into(live, site):
    backup = back_up(site)
    with pytest.raises(CommandError, match="not empty"):
        restore(site, backup, "--without-journal")
    assert not Closed.objects.exists()


@pytest.mark.requirement("F5")
def test_without_its_journal_nothing_is_restored_unless_that_is_said(live, site):
    backup = back_up(site)
    with empty_database() as name, on(name):
        with pytest.raises(CommandError, match="no journal"):
            restore(site, backup)
        assert not connection.introspection.table_names()
        restore(site, backup, "--without-journal")
        assert Closed.objects.exists()


def cut(backup):
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) * 2 // 3])
    dumping.checksum_of(backup).unlink()
    subprocess.run(f"sha256sum {backup.name} > {backup.name}.sha256", shell=True, cwd=backup.parent, check=True)


def changed(backup):
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)


@pytest.mark.requirement("F5")
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut, "can't be decrypted"),
        (changed, "checksum"),
        (lambda backup: dumping.checksum_of(backup).unlink(), "beside it"),
    ],
)
def test_a_damaged_backup_changes_nothing(live, site, damage, words):
    factories.signatures(live.petition, 2_000)
    backup = back_up(site)
    damage(backup)
    with empty_database() as name, on(name):
        with pytest.raises(CommandError, match=words):
            restore(site, backup, "--without-journal")
        assert not connection.introspection.table_names()


def at_every_table(what):
    """The server does this whenever a table is made; a function is no table: the database counts as empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE FUNCTION hinder() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN {what}; END $$")
        cursor.execute(
            "CREATE EVENT TRIGGER hinder ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION hinder()"
        )


@pytest.mark.requirement("F5")
def test_what_postgresql_refuses_leaves_it_empty(live, site):
    backup = back_up(site)
    with empty_database() as name, on(name):
        at_every_table("RAISE EXCEPTION 'no room for that'")
        with pytest.raises(CommandError, match="no room for that"):
            restore(site, backup, "--without-journal")
        assert not connection.introspection.table_names()


@pytest.mark.requirement("F5")
def test_a_restore_that_is_killed_leaves_it_empty(live, site):
    backup = back_up(site)
    with empty_database() as name, on(name):
        at_every_table("PERFORM pg_sleep(0.2)")
        info = connection.connection.info
        process = subprocess.Popen(
            [sys.executable, "manage.py", "restore", backup, "--identity", site / "identity", "--without-journal"],
            env={**os.environ, "DATABASE_URL": f"postgres://{info.user}@/{name}?host={info.host}"},
        )
        wait_for(lambda: of_psql(name), 60, "the first table")
        process.kill()
        process.wait()
        wait_for(lambda: not of_psql(name), 60, "the end of it")
        assert not connection.introspection.table_names()


def of_psql(name):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'psql' AND xact_start IS NOT NULL",
            [name],
        )
        return cursor.fetchone()[0]


def test_programs_are_told_what_is_set_for_us_and_no_default_of_our_own_library(site):
    """Theirs may be older: pg_dump 15 refuses `sslcertmode`, which libpq 16 gives each connection."""
    connection.ensure_connection()
    assert "sslcertmode" in connection.connection.info.get_parameters()
    told = conninfo_to_dict(tools.database().removeprefix("--dbname="))
    assert told.keys() <= connection.get_connection_params().keys()
    assert told["dbname"] == connection.settings_dict["NAME"]


def test_a_program_that_is_too_old_or_missing_is_named(live, site, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tools, "DEBIAN", site)
    with pytest.raises(CommandError, match=r"pg_dump of PostgreSQL \d+ or newer is not on PATH"):
        back_up(site)


def test_a_backup_that_fails_leaves_nothing_behind(live, site, monkeypatch):
    program = site / "bin/pg_dump"
    program.parent.mkdir()
    real = shutil.which("pg_dump")
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec {real} "$@"\nprintf PGDMP; echo it broke >&2; exit 1\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(CommandError, match="pg_dump failed: it broke"):
        back_up(site)
    assert list((site / "backups").iterdir()) == []


def test_a_backup_opens_for_its_recipients_only_and_holds_nothing_in_clear(live, site, settings):
    factories.signature(live.petition, address="quetzal@example.org")
    backup = back_up(site)
    assert b"quetzal" not in backup.read_bytes() and b"PGDMP" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o077 == 0
    (site / "identity").write_text(sealing.new_identity()[0])
    with empty_database() as name, on(name), pytest.raises(CommandError, match="identity is another one"):
        restore(site, backup, "--without-journal")


def test_a_backup_says_what_stood_in_public_and_carries_no_login(live, site, admin):
    factories.signatures(live.petition, 7)
    tally.settle_all()
    backup = back_up(site)
    plain = site / "plain"
    with backup.open("rb") as sealed, plain.open("wb") as out:
        sealing.unseal(sealed, out, sealing.identities(site / "identity"))
    header, _, dump = plain.read_bytes().partition(b"\n")
    assert json.loads(header)["figures"] == {f"petition {live.petition.pk}": 7}
    (site / "dump").write_bytes(dump)
    listed = subprocess.run(["pg_restore", "--list", site / "dump"], capture_output=True, text=True, check=True).stdout
    assert "TABLE DATA public petitions_signature" in listed
    assert "TABLE DATA public django_session" not in listed


def test_expired_backups_go_and_sooner_where_signing_may_cost_freedom(live, site):
    backup = back_up(site)
    now = timezone.now()

    def aged(days):
        path = backup.with_name(f"outcry-{now - timedelta(days=days):{dumping.STAMP}}.age")
        path.touch()
        dumping.checksum_of(path).touch()
        return path

    two, nine, forty, foreign = aged(2), aged(9), aged(40), backup.with_name("notes.age")
    foreign.touch()
    assert dumping.expire(backup.parent, now) == [forty]
    live.safety = "high"
    live.save()
    assert dumping.expire(backup.parent, now) == [nine]
    assert {path.name for path in backup.parent.glob("*.age")} == {backup.name, two.name, foreign.name}
    assert not dumping.checksum_of(nine).exists()


def test_what_does_not_fit_is_said_and_the_site_stays_closed(live, site):
    factories.signatures(live.petition, 3)
    tally.settle_all()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_tally SET signatures = signatures + 1")
    backup = back_up(site)
    with empty_database() as name, on(name):
        with pytest.raises(CommandError, match="3 signatures, 4 counted"):
            restore(site, backup, "--without-journal")
        assert Closed.objects.exists()


def test_a_day_that_was_published_is_not_missing_afterwards(live, site):
    factories.signatures(live.petition, 20, confirmed_at=timezone.now() - timedelta(days=3))
    tally.settle_all()
    factories.told(live.petition)
    daily_snapshots.take(live)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM petitions_tally")
        cursor.execute("ALTER TABLE petitions_signature DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM petitions_signature")
        cursor.execute("ALTER TABLE petitions_signature ENABLE TRIGGER USER")
    backup = back_up(site)
    with (
        empty_database() as name,
        on(name),
        pytest.raises(CommandError, match="20 signatures were published, 0 are here"),
    ):
        restore(site, backup, "--without-journal")


def test_nothing_is_noted_where_nothing_changes(live):
    row = factories.signature(live.petition)
    for _ in range(2):
        signing.hide(Signature.objects.filter(pk=row.pk))
        signing.unsubscribe(Signature.objects.filter(pk=row.pk))
    assert not JournalEntry.objects.exists()
    signing.withdraw(row)
    signing.withdraw(row)
    assert JournalEntry.objects.count() == 1
