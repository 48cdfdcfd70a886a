"""Through a real SMTP server on loopback."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.utils import timezone

from core.mail import outbox
from petitions import mails
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
    monkeypatch.setattr(outbox, "BEGUN_WITHIN", timedelta(0))
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
