"""Through a real SMTP server on loopback."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.locks import one_at_a_time
from core.mail import outbox
from petitions import mails, tasks
from petitions.models import Signature
from tests import factories
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(number=1):
    petition = factories.petition()
    return [
        factories.signature(petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
        for _ in range(number)
    ]


def send():
    return outbox.send_due(Signature, mails.confirmation)


def test_each_due_row_gets_its_mail_once(smtp):
    waiting(3)
    assert send() == 3
    assert send() == 0
    assert len(smtp.received) == 3
    assert Signature.objects.filter(mailed_at=None).count() == 0


def test_a_row_keeps_its_message_id(smtp):
    (row,) = waiting()
    assert mails.confirmation(row).message()["Message-ID"] == mails.confirmation(row).message()["Message-ID"]


def test_a_row_that_another_worker_has_claimed_is_left_alone(smtp):
    (row,) = waiting(1)
    assert outbox.claim(row)
    assert not outbox.claim(row)
    assert send() == 0


def test_two_who_read_the_same_rows_send_each_once(smtp):
    waiting(3)
    assert sum(at_once(lambda _: send(), range(2), writes=Signature)) == 3
    assert len({envelope.rcpt_tos[0] for envelope in smtp.received}) == len(smtp.received) == 3


def test_a_worker_that_died_is_followed_by_another_and_then_staff_are_asked(smtp):
    (row,) = waiting(1)
    assert outbox.claim(row)
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.claim(row)
    with time_machine.travel(timezone.now() + 2 * outbox.LEASE + timedelta(seconds=2)):
        assert not outbox.claim(row)
        assert Signature.objects.uncertain().count() == 1


def test_what_a_dead_worker_had_claimed_is_sent_by_the_next_one_at_once(smtp):
    rows = waiting(3)
    outbox.claim(rows[0])
    outbox.take_turn(Signature, mails.confirmation)
    assert len(smtp.received) == 3
    assert Signature.objects.filter(mailed_at=None).count() == 0


def test_what_waits_for_its_day_for_another_try_or_for_staff_is_not_taken_back(smtp):
    paced, refused, lost, uncertain = waiting(4)
    now = timezone.now()
    for row, due, attempts in [
        (paced, timedelta(minutes=5), 0),
        (refused, outbox.RETRY, 1),
        (lost, 2 * outbox.LEASE, 1),
        (uncertain, -timedelta(minutes=1), 2),
    ]:
        Signature.objects.filter(pk=row.pk).update(mail_due_at=now + due, mail_attempts=attempts)
    assert outbox.take_back(Signature) == 0
    outbox.take_turn(Signature, mails.confirmation)
    assert smtp.received == []


def test_the_lease_outlasts_a_mail_with_every_wait_it_may_take(settings):
    """Connecting, greeting, sender, recipient, data, its end, and a reset: each may take the whole time limit."""
    assert timedelta(seconds=settings.EMAIL_TIMEOUT * 10) < outbox.LEASE


def test_no_mail_is_begun_after_its_turn(smtp, monkeypatch):
    waiting(3)
    monkeypatch.setattr(outbox, "TURN", 0.0)
    assert send() == 0
    assert set(Signature.objects.values_list("mail_attempts", flat=True)) == {0}


def test_a_mail_that_can_not_be_written_holds_up_nobody(smtp, caplog):
    rows = waiting(3)
    Signature.objects.filter(pk=rows[0].pk).update(email="=?utf-8?q?=0ax?=@example.org")
    assert send() == 3
    assert len(smtp.received) == 2
    assert "can't be written" in caplog.text
    assert Signature.objects.get(pk=rows[0].pk).mail_due_at is None
    assert set(
        Signature.objects.exclude(pk=rows[0].pk).exclude(mailed_at=None).values_list("mail_due_at", flat=True)
    ) == {None}


def test_a_worker_stopped_in_the_middle_frees_what_it_had_not_begun(smtp, monkeypatch):
    waiting(4)
    real, calls = mail.EmailMessage.send, []

    def stopped_at_the_second(self, *args, **kwargs):
        calls.append(self)
        if len(calls) == 2:
            raise SoftTimeLimitExceeded
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", stopped_at_the_second)
    with pytest.raises(SoftTimeLimitExceeded):
        send()
    attempts = sorted(Signature.objects.filter(mailed_at=None).values_list("mail_attempts", flat=True))
    assert attempts == [0, 0, 1]


def test_a_sender_that_is_refused_uses_up_no_attempt(smtp, monkeypatch):
    waiting(2)

    def refused(self, *args, **kwargs):
        raise smtplib.SMTPSenderRefused(451, b"slow down", "x@example.org")

    monkeypatch.setattr(mail.EmailMessage, "send", refused)
    for hour in range(4):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            assert send() == 0
    assert set(Signature.objects.values_list("mail_attempts", flat=True)) == {0}


def test_without_a_mail_server_nothing_is_lost_and_no_attempt_is_used_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    waiting(2)
    for hour in range(5):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            assert send() == 0
    assert set(Signature.objects.values_list("mail_attempts", "mailed_at")) == {(0, None)}


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_refusal_for_now_is_tried_again_later(smtp, stage):
    waiting(1)
    setattr(smtp, stage, "451 try later")
    assert send() == 0
    assert send() == 0
    setattr(smtp, stage, "250 OK")
    with time_machine.travel(timezone.now() + outbox.RETRY + timedelta(seconds=1)):
        assert send() == 1
    assert len(smtp.received) == 1


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_refusal_for_good_ends_it(smtp, stage):
    waiting(1)
    setattr(smtp, stage, "550 no such mailbox")
    assert send() == 1
    row = Signature.objects.get()
    assert row.mail_due_at is None
    assert row.mailed_at is None


def test_a_lost_answer_leaves_the_claim_and_frees_the_rest(smtp, monkeypatch):
    waiting(3)
    real, calls = mail.EmailMessage.send, []

    def lost_at_the_second(self, *args, **kwargs):
        calls.append(self)
        if len(calls) == 2:
            raise smtplib.SMTPServerDisconnected("lost")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", lost_at_the_second)
    send()
    attempts = sorted(Signature.objects.values_list("mail_attempts", flat=True))
    assert attempts == [0, 1, 1]
    assert Signature.objects.exclude(mailed_at=None).count() == 1
    monkeypatch.setattr(mail.EmailMessage, "send", real)
    outbox.take_turn(Signature, mails.confirmation)
    assert len(smtp.received) == 2
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=5)):
        outbox.take_turn(Signature, mails.confirmation)
    assert len(smtp.received) == 3


def test_a_row_that_needs_no_mail_any_more_is_not_claimed_again(smtp):
    factories.signature(factories.petition(), mailed_at=None, mail_due_at=timezone.now())
    assert send() == 1
    assert Signature.objects.get().mail_due_at is None
    assert smtp.received == []


def test_what_was_sent_is_marked_by_the_claim_of_the_next_one(smtp, monkeypatch):
    first, second = waiting(2)
    with CaptureQueriesContext(connection) as asked:
        assert send() == 2
    writes = [
        query["sql"].split()[0] for query in asked if "petitions_signature" in query["sql"] and "UPDATE" in query["sql"]
    ]
    # Two claims, the second of which marks the first row; then the mark of the last.
    assert writes == ["WITH", "WITH", "UPDATE"]
    rows = Signature.objects.order_by("mailed_at")
    assert [(row.mail_due_at, row.mail_attempts) for row in rows] == [(None, 1), (None, 1)]
    assert None not in {row.mailed_at for row in rows}


def test_what_was_sent_is_marked_though_the_next_one_can_not_be_claimed(smtp, monkeypatch):
    waiting(2)
    real, calls = outbox.claim, []

    def gone_at_the_second(row, sent=None):
        calls.append(row)
        if len(calls) == 2:
            raise OperationalError("the connection is gone")
        return real(row, sent)

    monkeypatch.setattr(outbox, "claim", gone_at_the_second)
    with pytest.raises(OperationalError):
        send()
    assert Signature.objects.exclude(mailed_at=None).count() == len(smtp.received) == 1


def test_every_mail_is_in_one_share_and_all_of_an_address_in_the_same():
    petition = factories.petition()
    rows = [factories.signature(petition, confirmed=False, address=f"{number}@example.org") for number in range(60)]
    again = factories.signature(factories.petition(), confirmed=False, address="7+again@example.org")
    shares = [set(Signature.objects.filter(mails.of_share(share))) for share in range(mails.SHARES)]
    assert sum(map(len, shares)) == len(set().union(*shares)) == 61
    assert sum(map(bool, shares)) > 10
    assert len([share for share in shares if {rows[7], again} & share]) == 1


def test_a_turn_looks_only_where_mails_wait(smtp):
    rows = waiting(2)
    paced = factories.signature(rows[0].petition, confirmed=False, mailed_at=None, address="later@example.org")
    Signature.objects.filter(pk=paced.pk).update(mail_due_at=timezone.now() + timedelta(hours=1))
    shares = mails.waiting_shares()
    assert set(Signature.objects.filter(pk__in=[row.pk for row in rows]).values_list(mails.SHARE, flat=True)) == set(
        shares
    )
    tasks.send_confirmations()
    assert len(smtp.received) == 2
    assert mails.waiting_shares() == []


def test_senders_at_the_same_time_send_each_mail_once(smtp):
    waiting(20)
    at_once(lambda _: tasks.send_confirmations(), range(4), writes=Signature)
    while mails.waiting_shares():
        tasks.send_confirmations()
    assert len({envelope.rcpt_tos[0] for envelope in smtp.received}) == len(smtp.received) == 20


def test_what_is_claimed_in_a_share_that_somebody_has_is_not_taken_back(smtp):
    (row,) = waiting(1)
    (share,) = mails.waiting_shares()
    outbox.claim(row)
    other = ThreadPoolExecutor(1)
    turn = one_at_a_time("petitions.send_confirmations", share)
    assert other.submit(turn.__enter__).result()
    tasks.send_confirmations()
    assert smtp.received == []
    other.submit(turn.__exit__, None, None, None).result()
    other.submit(connections.close_all).result()
    tasks.send_confirmations()
    assert len(smtp.received) == 1


def test_while_the_mail_server_fails_one_share_tries(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    waiting(30)
    tasks.send_confirmations()
    assert caplog.text.count("mail server") == 1


def test_a_mail_that_waits_on_purpose_is_not_late(smtp, monkeypatch):
    due, lost, paced = waiting(3)
    Signature.objects.filter(pk=paced.pk).update(review="quarantined")

    def lose(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected("lost")

    assert set(Signature.objects.to_be_mailed()) == {due, lost}
    monkeypatch.setattr(mail.EmailMessage, "send", lose)
    Signature.objects.exclude(pk=lost.pk).update(mail_due_at=timezone.now() + timedelta(minutes=1))
    send()
    assert list(Signature.objects.to_be_mailed()) == [due]
    assert outbox.claim(due) is False
    Signature.objects.filter(pk=due.pk).update(mail_due_at=timezone.now())
    assert outbox.claim(due)
    assert list(Signature.objects.to_be_mailed()) == [due]


def test_a_row_that_needs_no_mail_says_nothing_of_a_server_that_refuses_everybody(smtp):
    rows = waiting(8)
    Signature.objects.filter(pk__in=[row.pk for row in rows[2::3]]).update(withdrawn_at=timezone.now())
    smtp.rcpt = "554 5.7.1 your address is blocked"
    tasks.send_confirmations()
    smtp.rcpt = "250 OK"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        tasks.send_confirmations()
    assert len(smtp.received) == 6


def test_the_share_whose_mail_has_waited_longest_comes_first(smtp):
    rows = waiting(30)
    now = timezone.now()
    for number, row in enumerate(rows):
        Signature.objects.filter(pk=row.pk).update(mail_due_at=now - timedelta(minutes=number))
    oldest = [
        Signature.objects.filter(mails.of_share(share)).order_by("mail_due_at").values_list("mail_due_at", flat=True)[0]
        for share in mails.waiting_shares()
    ]
    assert oldest == sorted(oldest)
    Signature.objects.update(mail_due_at=now + timedelta(minutes=2), mail_attempts=0)
    assert mails.waiting_shares() == []
