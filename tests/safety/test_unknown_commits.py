"""A wait for a synchronous standby that somebody cancels is no commit: PostgreSQL answers as after any other, and only warns."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import environ
import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from core.crypto import tokens
from core.mail import outbox
from core.postgres import patience
from core.postgres.base import DatabaseWrapper, OutcomeUnknown
from core.postgres.patience import Patience
from core.privacy.address_hashes import address_hash
from core.privacy.mailboxes import hashed
from engines import Postgres
from operations import shedding
from petitions import mails, signing, tally
from petitions.models import LinkRequest, Mailing, Signature
from tests import factories
from tests.factories import typed
from tests.html import Html

CANCEL = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
CLIENT = b"0" * 16


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A PostgreSQL of our own: while it waits for its standby, everybody there waits."""
    server = Postgres(tmp_path_factory.mktemp("alone"), "alone", fsync=False)
    url = server.start()
    try:
        variables = {**os.environ, "DATABASE_URL": url}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=variables, check=True)
        yield url
    finally:
        server.stop()
        server.remove()


@pytest.fixture(autouse=True)
def database(address, django_db_blocker):
    """The one that all of our code asks, in this thread."""
    usual = connections["default"]
    settings = {**usual.settings_dict, **environ.Env.db_url_config(address), "ENGINE": "core.postgres"}
    with django_db_blocker.unblock():
        connections["default"] = own = DatabaseWrapper({**usual.settings_dict, **settings}, "default")
        try:
            yield own
        finally:
            own.close()
            connections["default"] = usual


@pytest.fixture
def live(database):
    with transaction.atomic():
        return factories.campaign(slug=f"river-{os.urandom(4).hex()}")


@contextmanager
def no_standby(address, cancels=True):
    """Commits wait for a standby that isn't there, until their wait is cancelled from beside: soon, or in 5 s."""
    begun, handed_over, over = threading.Event(), threading.Event(), threading.Event()

    def cancel():
        with psycopg.connect(address, autocommit=True) as beside:
            while not begun.wait(0.02):
                beside.execute(CANCEL)
            handed_over.set()
            while not over.wait(0.02 if cancels else 5):
                beside.execute(CANCEL)

    thread = threading.Thread(target=cancel)
    thread.start()
    with psycopg.connect(address, autocommit=True) as superuser:
        try:
            demand(superuser, "nobody")
            warnings = []
            superuser.add_notice_handler(warnings.append)
            # PostgreSQL hears of it by and by.
            while not warnings:
                superuser.execute("SELECT pg_logical_emit_message(true, 'test', 'x')")
            begun.set()
            # A cancel that was on its way would meet what the test commits.
            handed_over.wait()
            yield
        finally:
            demand(superuser, "")
            begun.set()
            over.set()
            thread.join()


def demand(superuser, standbys):
    superuser.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standbys}'")
    superuser.execute("SELECT pg_reload_conf()")


def link_to_own_page(address):
    asked = LinkRequest.objects.create(email=address, address_hash=address_hash(address), mailed_at=timezone.now())
    return f"/my/{tokens.make(mails.OWN_PAGE, asked.pk)}/"


def test_postgresql_itself_says_that_all_is_well(address):
    """Or what follows guards against nothing."""
    with no_standby(address), psycopg.connect(address, autocommit=True) as bare:
        notices = []
        bare.add_notice_handler(lambda notice: notices.append((notice.sqlstate, notice.source_function)))
        assert bare.execute("INSERT INTO core_closed (since) VALUES (now())").statusmessage == "INSERT 0 1"
        assert notices == [("01000", "SyncRepWaitForLSN")]
        bare.execute("DELETE FROM core_closed")


def test_a_statement_that_commits_by_itself_is_in_doubt(address, live):
    # The first one writes down the words that were agreed to, too.
    signing.sign(live.petition, typed(), "en", CLIENT)
    with no_standby(address), pytest.raises(OutcomeUnknown):
        signing.sign(live.petition, typed(), "en", CLIENT)
    assert Signature.objects.filter(petition=live.petition).count() == 2
    # Of the next one nothing is in doubt.
    signing.sign(live.petition, typed(), "en", CLIENT)


def test_a_transaction_is_in_doubt_and_nothing_follows_from_it(address, live):
    row, followed = factories.signature(live.petition), []

    @transaction.atomic
    def withdraw():
        transaction.on_commit(lambda: followed.append(1))
        signing.withdraw(row)

    with no_standby(address), pytest.raises(OutcomeUnknown):
        withdraw()
    assert followed == []
    row.refresh_from_db()
    assert row.withdrawn_at


@pytest.mark.parametrize("step", ["sign", "confirm", "withdraw", "erase"])
def test_a_visitor_waits_no_longer_than_for_ten_seconds(address, live, step, monkeypatch):
    """Here for half of one. What went on waiting would hold a connection of PostgreSQL."""
    monkeypatch.setattr(DatabaseWrapper, "patience", Patience(0.5))
    path, fields = steps(live)[step]
    client = Client(raise_request_exception=False)
    with no_standby(address, cancels=False), psycopg.connect(address, autocommit=True) as beside:
        began = time.monotonic()
        answer = client.post(path, fields)
        assert 0.5 <= time.monotonic() - began < 4
        # It ends in its own time.
        until = time.monotonic() + 2
        while beside.execute(WAITING).fetchone()[0]:
            assert time.monotonic() < until
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert client.post(path, Html(answer).fields("form[method=post]")).status_code < 500
    tally.settle_all()
    assert tally.confirmed(live.petition) == {"sign": 2, "confirm": 3, "withdraw": 1, "erase": 1}[step]


def test_a_visitor_does_not_wait_for_the_lock_of_somebody_whose_commit_waits(
    address, live, database, monkeypatch, caplog
):
    """A worker's commit waits as long as it takes, and its rows are locked meanwhile."""
    monkeypatch.setattr(DatabaseWrapper, "patience", Patience(10, lock=0.5))
    database.close()
    path, fields = steps(live)["confirm"]
    client = Client(raise_request_exception=False)
    # Its rows are free again at some time, or a visitor who waits would have this test wait for ever.
    with psycopg.connect(address, options="-c idle_in_transaction_session_timeout=5s") as worker:
        worker.execute("UPDATE petitions_signature SET mail_attempts = mail_attempts + 1")
        began = time.monotonic()
        answer = client.post(path, fields)
        assert 0.5 <= time.monotonic() - began < 4
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "the database takes nothing: LockNotAvailable" in caplog.messages
    assert client.post(path, Html(answer).fields("form[method=post]")).status_code == 303
    tally.settle_all()
    assert tally.confirmed(live.petition) == 3


def test_the_web_server_waits_for_ten_seconds_and_whoever_else_works_as_long_as_it_takes(address, collected):
    asks = (
        "from core.postgres.base import DatabaseWrapper as D; before = D.patience.longest;"
        "import config.wsgi; print(before, D.patience.longest)"
    )
    environment = {**os.environ, "DATABASE_URL": address, "STATIC_ROOT": str(collected)}
    said = subprocess.run([sys.executable, "-c", asks], env=environment, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["None", "10"]


@pytest.mark.parametrize(
    ("standbys", "threads", "most", "lock"),
    [(2, "6", 3, 5), (2, "1", 1, 5), (2, "", 2, 5), (2, "four", 2, 5), (0, "6", 10_000, 10)],
)
def test_half_of_the_threads_wait_for_standbys_and_all_of_them_for_a_slow_disk(
    settings, monkeypatch, standbys, threads, most, lock
):
    """The others say no, show pages and say that they live."""
    settings.DATABASE_STANDBYS = standbys
    monkeypatch.setenv("GRANIAN_BLOCKING_THREADS", threads)
    ours = patience.of_a_web_process()
    assert (ours.most, ours.lock) == (most, lock)
    # Or whoever waits for those threads is turned away meanwhile.
    assert ours.soon < shedding.LATEST


def test_where_one_waits_for_long_others_do_so_shortly_or_not_at_all(address, live, database, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "patience", waiting := Patience(4, most=1, soon=1.2))
    client = Client(raise_request_exception=False)
    sign = f"/c/{live.slug}/sign/"
    # The words that are agreed to are kept once, by a commit of their own.
    assert client.post(sign, typed()).status_code == 303
    known = Signature.objects.filter(petition=live.petition).count
    longest = []
    with no_standby(address, cancels=False):
        first = threading.Thread(target=lambda: longest.append(seconds_to_doubt(database.settings_dict)))
        first.start()
        while not waiting.begun:
            time.sleep(0.01)
        began = time.monotonic()
        assert client.post(sign, typed(email="second@example.org")).status_code == 503
        second = time.monotonic() - began
        began = time.monotonic()
        third = client.post(sign, typed(email="third@example.org"))
        at_once = time.monotonic() - began
        assert first.is_alive()
        first.join()
    assert 1.2 <= second < 3
    assert at_once < 1.2
    assert longest[0] >= 4
    assert (third.status_code, Html(third).fields("form[method=post]")["email"]) == (503, "third@example.org")
    # Of the third, nothing was begun; and nobody waits any more.
    assert known() == 2
    assert not waiting.begun
    assert client.post(sign, Html(third).fields("form[method=post]")).status_code == 303


def seconds_to_doubt(settings):
    """With a connection of its own."""
    own, began = DatabaseWrapper(settings, "default"), time.monotonic()
    with suppress(OutcomeUnknown), own.cursor() as cursor:
        cursor.execute("DO $$ BEGIN PERFORM pg_logical_emit_message(true, 'test', 'x'); END $$")
    own.close()
    return time.monotonic() - began


@pytest.mark.parametrize("sql", ["SELECT pg_sleep(0.5)", "(SELECT pg_sleep(0.5)) UNION ALL (SELECT pg_sleep(0))"])
def test_what_takes_long_and_commits_nothing_goes_on(database, monkeypatch, sql):
    monkeypatch.setattr(DatabaseWrapper, "patience", Patience(0.1))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_warning_of_another_kind_means_nothing(database):
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE WARNING 'of the same class'; END $$")
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def steps(live):
    """(what is posted, with what) for each thing that a visitor can ask for, and what must hold once it was sent again."""
    row = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    gone = factories.signature(live.petition, address="ben@example.org")
    blank = factories.signature(live.petition, address="cem@example.org")
    return {
        "sign": (f"/c/{live.slug}/sign/", typed(email="new@example.org")),
        "confirm": (f"/confirm/{tokens.make(mails.CONFIRM, row.pk)}/", {"name": "Ana", "country": "ES"}),
        "withdraw": (f"{link_to_own_page('ben@example.org')}{gone.pk}/withdraw/", {}),
        "erase": (f"{link_to_own_page('cem@example.org')}{blank.pk}/erase/", {}),
    }


@pytest.mark.parametrize("step", ["sign", "confirm", "withdraw", "erase"])
def test_a_visitor_is_asked_to_send_it_again_and_that_does_no_harm(address, live, step):
    path, fields = steps(live)[step]
    client = Client(raise_request_exception=False)
    with no_standby(address):
        answer = client.post(path, fields)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    form = Html(answer).one("form[method=post]")
    assert form["action"] == path
    again = Html(answer).fields("form[method=post]")
    assert again == fields
    # Once more is as good as once.
    assert client.post(path, again).status_code < 500
    tally.settle_all()
    assert tally.confirmed(live.petition) == {"sign": 2, "confirm": 3, "withdraw": 1, "erase": 1}[step]


@pytest.mark.parametrize("step", ["confirm", "withdraw", "unsubscribe", "not me", "pledge", "unpledge", "link"])
def test_nothing_is_said_to_be_done_before_it_lasts(address, live, step, settings):
    """The row says so already when it is sent again, and so it would after any other commit."""
    settings.DATABASE_STANDBYS = 1
    row = factories.signature(live.petition, address="dan@example.org", updates_at=timezone.now())
    waiting = factories.signature(live.petition, confirmed=False, address="eve@example.org")
    Mailing.objects.create(row=waiting.pk, petition=live.petition, **hashed("eve@example.org"))
    more = {
        "unsubscribe": (f"/unsubscribe/{tokens.make(mails.UNSUBSCRIBE, row.pk)}/", {}),
        "not me": (f"/not-me/{tokens.make(mails.NOT_ME, waiting.pk)}/", {}),
        "pledge": (f"/pledge/{tokens.make('pledge', factories.pledge(live, confirmed=False).pk)}/", {}),
        "unpledge": (f"/unpledge/{tokens.make('unpledge', factories.pledge(live).pk)}/", {}),
        "link": (f"/c/{live.slug}/act/link/", {"link": "https://x.com/ana/status/1500000000000000000"}),
    }
    path, fields = (steps(live) | more)[step]
    client = Client(raise_request_exception=False)
    with no_standby(address):
        # The first one may have kept no more than the words that were agreed to.
        assert [client.post(path, fields).status_code for _ in range(3)] == [503, 503, 503]
    assert client.post(path, fields).status_code < 400


def test_no_mail_goes_out_for_a_claim_that_is_in_doubt(address, live, smtp):
    now = timezone.now()
    factories.signature(live.petition, False, "dora@example.org", mailed_at=None, mail_due_at=now)
    with no_standby(address), pytest.raises(OutcomeUnknown):
        outbox.send_due(Signature, mails.confirmation)
    assert smtp.received == []
