"""What is counted, in processes of their own, since how to count is decided once a process; and what is read when somebody asks."""

import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from actions.models import Charge, Endpoint, Purpose
from core import observations
from core.models import StaffMail
from operations.conditions import no_backup_was_made_lately
from operations.management.commands import workers
from operations.models import JournalEntry
from operations.recovery import journal
from operations.watching import checks, names, reading, standbys, valkey
from operations.watching.listening import Handler, Server, answer, make_server
from petitions import tally
from tests import factories

COUNTS = """
import os, sys, logging
logging.basicConfig()
import django
django.setup()
from operations.watching import counting
from operations.watching.names import REQUESTS, REQUEST_SECONDS
counting.join("web")
{before}
for number in range({number}):
    counting.count(REQUESTS, "home", "GET", "200")
    counting.observe(REQUEST_SECONDS, 0.02, "home")
print("counts" if counting.is_on() else "counts nothing", flush=True)
{after}
"""


def process(folder, number=1, before="", after="", **more):
    script = COUNTS.format(number=number, before=before, after=after)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "METRICS_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", script], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # fmt: skip


def told():
    """{name of the sample: {values of the labels, in the order of their names: value}}"""
    found = {}
    for family in text_string_to_metric_families(reading.text().decode()):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch):
    monkeypatch.setattr(reading._Asked, "at", 0.0)
    monkeypatch.setattr(valkey, "_resting_until", 0.0)


def test_processes_are_added_up_and_outlive_themselves(tmp_path, settings, db):
    settings.METRICS_DIR = str(tmp_path / "metrics")
    first = process(settings.METRICS_DIR, 40, after="sys.stdin.read()")
    assert first.stdout.readline() == "counts\n"
    second = process(settings.METRICS_DIR, 2)
    assert second.communicate()[0] == "counts\n"
    assert told()["outcry_requests_total"] == {("GET", "home", "200"): 42}
    assert told()["outcry_request_seconds_count"] == {("home",): 42}
    first.communicate()


def test_a_process_that_begins_in_this_moment_keeps_nobody_from_reading(tmp_path, settings, db):
    settings.METRICS_DIR = str(tmp_path)
    assert process(tmp_path, 5).communicate()[0] == "counts\n"
    folder = next(path.parent for path in tmp_path.glob("*/*.db"))
    (folder / "counter_1.db").touch()
    assert told()["outcry_requests_total"] == {("GET", "home", "200"): 5}


def test_a_child_counts_too(tmp_path, settings, db):
    settings.METRICS_DIR = str(tmp_path)
    fork = "counting.count(REQUESTS, 'home', 'GET', '200')\nif not os.fork():\n    counting.count(REQUESTS, 'home', 'GET', '200'); os._exit(0)\nos.wait()"
    assert process(tmp_path, 1, before=fork).communicate()[0] == "counts\n"
    assert told()["outcry_requests_total"] == {("GET", "home", "200"): 3}


def test_what_an_earlier_start_has_counted_is_forgotten(tmp_path, settings, db):
    settings.METRICS_DIR = str(tmp_path)
    foreign = tmp_path / "theirs"
    foreign.mkdir()
    (foreign / "book.db").touch()
    for _ in range(2):
        assert process(tmp_path, 5, start_new_session=True).communicate()[0] == "counts\n"
    (foreign / "book.db").unlink()
    assert told()["outcry_requests_total"] == {("GET", "home", "200"): 5}


@pytest.mark.parametrize("trouble", ["/proc/nowhere", "/dev/null/nowhere"])
def test_a_folder_that_can_not_be_had_stops_nothing(trouble):
    counted, errors = process(trouble).communicate()
    assert counted == "counts nothing\n"
    assert "METRICS_DIR: " in errors


@pytest.mark.parametrize(
    "trouble",
    [
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        "import shutil; shutil.rmtree(os.environ['METRICS_DIR'])",
        "counting._child = None",
    ],
    ids=["no room", "the folder is gone", "a fault of ours"],
)
def test_a_trouble_while_counting_stops_nothing(tmp_path, trouble):
    """A file without room would kill the process as soon as its memory is written to."""
    running = process(tmp_path, 1, before=trouble)
    counted, errors = running.communicate()
    assert running.returncode == 0
    assert counted == "counts nothing\n"
    assert "counting failed" in errors


def test_there_is_room_for_every_route(tmp_path):
    """Every route with four answers fits into what is kept free for it, so that no file grows on a full disk."""
    script = "for r in range(110):\n    for s in ('200', '303', '404', '503'):\n        counting.count(REQUESTS, 'a_rather_long_route_%d' % r, 'POST', s); counting.observe(REQUEST_SECONDS, 1, 'a_rather_long_route_%d' % r)"
    assert process(tmp_path, 1, before=script).communicate()[0] == "counts\n"
    files = [path.stat() for path in tmp_path.glob("*/*.db")]
    assert [file.st_size for file in files] == [256 * 1024] * 3
    assert all(file.st_blocks * 512 >= file.st_size for file in files)


def test_one_machine_is_asked_for_no_standby(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert list(standbys.standbys()) == []
    assert not [name for name in told() if "standby" in name or "timeline" in name]


def test_every_metric_that_is_read_is_told(live, settings, db, tmp_path):
    settings.JOURNAL_PATH = tmp_path
    settings.X_BEARER_TOKEN, settings.DATABASE_STANDBYS = "token", 1
    live.tweet_action.is_tracking, live.tweet_action.budget = True, 21
    live.tweet_action.save()
    Endpoint.objects.create(name="counts", answered_at=timezone.now() - timedelta(hours=2))
    Charge.objects.create(action=live.tweet_action, purpose=Purpose.COUNTS, reserved=15, actual=14)
    valkey.note_turn("petitions.tally")
    observations.renew(observations.BACKED_UP)
    found = told()
    read = {name for name, metric in names.LISTED.items() if metric.kind == "gauge"}
    # A real standby: tests/journeys/test_standbys.py. A first backup that is awaited: below.
    assert read - set(found) == {"outcry_ready", "outcry_standby_lag_bytes", "outcry_backup_awaited_seconds"}
    assert set(found) <= read
    assert 7190 < found["outcry_x_answer_age_seconds"][()] < 7260
    assert found["outcry_x_money_left_dollars"][()] == 7
    assert found["outcry_x_money_left_ratio"][()] == pytest.approx(1 / 3)
    assert found["outcry_turn_age_seconds"][("petitions.tally",)] < 5


def test_a_turn_that_is_yet_to_come_says_nothing(db):
    """It was noted before the clock was set back: whoever asks when it was last done must not hear "just now"."""
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        valkey.note_turn("petitions.tally")
    assert "outcry_turn_age_seconds" not in told()
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        valkey.note_turn("petitions.tally")
    assert valkey.look().ages["petitions.tally"] == 0


def test_x_is_silent_where_nothing_is_collected(db):
    Endpoint.objects.create(name="counts", answered_at=timezone.now() - timedelta(days=90))
    assert not [name for name in told() if name.startswith("outcry_x_")]


def test_ages_of_signatures(db):
    petition, hour = factories.petition(), timedelta(hours=1)
    factories.signature(petition)
    tally.settle_all()
    late = timezone.now() - hour
    factories.signature(petition, signed_at=late - hour, confirmed_at=late)
    factories.signature(petition, confirmed=False, signed_at=late, mailed_at=None, mail_due_at=timezone.now())
    factories.signature(
        petition, confirmed=False, signed_at=late - hour, mailed_at=None, mail_due_at=late, mail_attempts=2
    )
    found = told()
    assert found["outcry_signatures_counted"][()] == 1
    assert found["outcry_signatures_uncounted"][()] == 1
    assert 3590 < found["outcry_signatures_uncounted_age_seconds"][()] < 3660
    assert 3590 < found["outcry_confirmation_age_seconds"][()] < 3660
    assert found["outcry_mails_due"][("Signature",)] == 1
    assert found["outcry_mails_uncertain"][("Signature",)] == 1


def test_before_the_first_backup_it_is_told_how_long_it_has_been_awaited(settings, db):
    assert not [name for name in told() if "backup" in name]
    reading._Asked.at, settings.BACKUP_RECIPIENTS = 0.0, ["age1example"]
    no_backup_was_made_lately()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        found = told()
    assert 7190 < found["outcry_backup_awaited_seconds"][()] < 7260
    assert "outcry_backup_age_seconds" not in found
    observations.renew(observations.BACKED_UP)
    reading._Asked.at = 0.0
    assert [name for name in told() if "backup" in name] == ["outcry_backup_age_seconds"]


def test_the_age_of_the_newest_backup(db):
    observations.renew(observations.BACKED_UP)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert 7190 < told()["outcry_backup_age_seconds"][()] < 7260


def test_the_age_of_what_is_not_in_the_journal_yet(settings, db, tmp_path):
    late = timezone.now() - timedelta(hours=1)
    JournalEntry.objects.create(verb="erase", model="petitions.Signature", row="1", at=late)
    assert "outcry_journal_unwritten_age_seconds" not in told()
    reading._Asked.at, settings.JOURNAL_PATH = 0.0, tmp_path
    assert 3590 < told()["outcry_journal_unwritten_age_seconds"][()] < 3660
    journal.write_down(tmp_path)
    reading._Asked.at = 0.0
    assert told()["outcry_journal_unwritten_age_seconds"][()] == 0


def test_mails_to_staff_are_told_too(db):
    StaffMail.objects.create(to="ana@example.org", subject="s", text="t", mail_due_at=timezone.now())
    assert told()["outcry_mails_due"][("StaffMail",)] == 1
    assert b"ana" not in reading.text()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_leaves_the_rest(settings):
    connection.close()
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "nowhere"
    try:
        found = told()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert found["outcry_database_up"][()] == 0
    assert found["outcry_valkey_up"][()] == 1
    assert "outcry_signatures_counted" not in found


def test_one_asks_the_database_at_a_time(db):
    with reading._Asked.lock:
        assert told()["outcry_database_up"][()] == 0
    assert told()["outcry_database_up"][()] == 1


def test_what_was_read_is_told_again_for_some_seconds(db, django_assert_num_queries):
    told()
    with django_assert_num_queries(0):
        told()


@pytest.mark.django_db(transaction=True)
def test_the_private_address_answers_to_metrics_alone():
    with make_server("127.0.0.1", 0, answer, Server, Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{at}/metrics") as response:
            assert b"outcry_database_up 1.0" in response.read()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{at}/")
        server.shutdown()


@pytest.mark.parametrize(
    "address", ["9101", "127.0.0.1", "127.0.0.1:", ":9101", "127.0.0.1:0", "127.0.0.1:99999", "a:b"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(workers.CommandError):
        workers._read_address(address)


def test_metrics_without_a_folder_are_warned_of(settings):
    settings.METRICS_TOKEN, settings.METRICS_DIR = "x" * 32, ""
    assert [found.id for found in checks.requests_can_be_counted()] == ["outcry.METRICS_DIR"]
    settings.METRICS_DIR = "/run/outcry/metrics"
    assert checks.requests_can_be_counted() == []
