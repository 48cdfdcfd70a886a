"""What people took back is in a file, whole and once, whatever happens to the process that writes it."""

import json
import os
import resource
import signal
from datetime import UTC, timedelta
from socket import gethostname

import pytest
from django.db import connection, transaction
from django.utils import timezone

from operations import tasks
from operations.models import JournalEntry
from operations.recovery import journal
from operations.recovery.journal import Verb
from petitions import signing
from petitions.models import Signature
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings, tmp_path):
    settings.JOURNAL_PATH = tmp_path / "journal"
    return settings.JOURNAL_PATH


def lines(folder):
    return [line for path in sorted(folder.glob("*")) for line in path.read_text().splitlines()]


def test_a_line_says_which_row_and_how_and_nothing_of_whom(folder, live):
    row = factories.signature(live.petition, address="quetzal@example.org", name="Quetzal Example")
    signing.erase(row)
    journal.note_not_me(b"h" * 32, 1, 2)
    tasks.write_journal()
    written = [json.loads(line) for line in lines(folder)]
    assert [entry["verb"] for entry in written] == ["erase", "withdraw", "not me"]
    assert {entry["row"] for entry in written[:2]} == {str(row.pk)}
    assert written[2]["hash"] == (b"h" * 32).hex()
    assert {key for entry in written for key in entry} == {
        "id",
        "at",
        "verb",
        "model",
        "row",
        "hash",
        "version",
        "rule",
    }
    assert "uetzal" not in "".join(lines(folder))
    (file,) = folder.glob("*")
    assert file.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0
    tasks.write_journal()
    assert len(lines(folder)) == 3


def test_what_was_rolled_back_is_not_noted(folder, live):
    row = factories.signature(live.petition)
    with transaction.atomic():
        signing.withdraw(row)
        transaction.set_rollback(True)
    tasks.write_journal()
    assert not folder.exists()


def test_after_half_a_line_a_new_one_begins(folder, live):
    folder.mkdir()
    path = folder / f"journal-{timezone.now().astimezone(UTC).date()}-{gethostname()}.jsonl"
    path.write_text('{"id": "0199')
    signing.withdraw(factories.signature(live.petition))
    tasks.write_journal()
    entries, unreadable = journal.read(folder)
    assert [entry.verb for entry in entries] == [Verb.WITHDRAW] and unreadable == 1


def test_a_full_disk_is_written_to_when_there_is_room(folder, live):
    for row in factories.signatures(live.petition, 20):
        signing.withdraw(row)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            tasks.write_journal()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert JournalEntry.objects.filter(written_at=None).count() == 20
    tasks.write_journal()
    entries, unreadable = journal.read(folder)
    assert len(entries) == 20 and unreadable == 1


def test_who_dies_before_the_commit_leaves_lines_that_are_read_once(folder, live, monkeypatch):
    signing.withdraw(factories.signature(live.petition))
    monkeypatch.setattr(os, "fsync", lambda descriptor: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.write_journal()
    monkeypatch.undo()
    tasks.write_journal()
    assert len(lines(folder)) == 2
    assert len(journal.read(folder)[0]) == 1


def test_no_transaction_waits_for_the_disk(folder, live, monkeypatch):
    """A folder on another machine may hang for as long as it likes."""
    real, inside = os.fsync, []
    monkeypatch.setattr(os, "fsync", lambda descriptor: inside.append(connection.in_atomic_block) or real(descriptor))
    signing.withdraw(factories.signature(live.petition))
    tasks.write_journal()
    assert inside and not any(inside)


def test_without_a_folder_the_rows_wait(settings, live):
    settings.JOURNAL_PATH = None
    signing.withdraw(factories.signature(live.petition))
    tasks.write_journal()
    assert JournalEntry.objects.filter(written_at=None).count() == 1


def test_what_no_backup_needs_any_more_is_forgotten(folder, live):
    signing.withdraw(factories.signature(live.petition))
    tasks.write_journal()
    (today,) = folder.glob("*")
    old = folder / f"journal-{(timezone.now() - timedelta(days=41)).date()}.jsonl"
    old.touch()
    tasks.forget_journal()
    assert list(folder.glob("*")) == [today] and JournalEntry.objects.count() == 1
    JournalEntry.objects.update(written_at=timezone.now() - timedelta(days=8))
    tasks.forget_journal()
    assert not JournalEntry.objects.exists()


def test_whoever_erases_somebody_else_gets_no_second_entry(folder, live):
    row = factories.signature(live.petition)
    signing.erase(row)
    signing.erase(Signature.objects.get(pk=row.pk))
    assert JournalEntry.objects.filter(verb=Verb.ERASE).count() == 1
    assert connection.in_atomic_block is False


def test_folders_of_several_machines_make_one_journal(folder, live, monkeypatch, settings, tmp_path):
    """Each machine forgets its own old files, whichever has the turn of the night."""
    rows = factories.signatures(live.petition, 2)
    for machine, row in zip(("one", "two"), rows, strict=True):
        settings.JOURNAL_PATH = own = tmp_path / machine
        own.mkdir()
        (own / "journal-2026-01-01.jsonl").touch()
        monkeypatch.setattr(journal, "gethostname", lambda machine=machine: machine)
        signing.withdraw(row)
        tasks.write_journal()
    folder.mkdir()
    for path in [*(tmp_path / "one").iterdir(), *(tmp_path / "two").iterdir()]:
        path.rename(folder / path.name)
    assert len(list(folder.iterdir())) == 2
    entries, unreadable = journal.read(folder)
    assert ({entry.row for entry in entries}, unreadable) == ({str(row.pk) for row in rows}, 0)
