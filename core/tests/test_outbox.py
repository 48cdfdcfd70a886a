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
    waiting(1)
    assert len(outbox.claim(Signature, 10)) == 1
    assert outbox.claim(Signature, 10) == []
    assert send() == 0


def test_a_worker_that_died_is_followed_by_another_and_then_staff_are_asked(smtp):
    waiting(1)
    outbox.claim(Signature, 10)
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        assert len(outbox.claim(Signature, 10)) == 1
    with time_machine.travel(timezone.now() + 2 * outbox.LEASE + timedelta(seconds=2)):
        assert outbox.claim(Signature, 10) == []
        assert Signature.objects.uncertain().count() == 1


def test_the_lease_outlasts_the_last_mail_of_a_batch_with_every_wait_it_may_take(settings):
    """Connecting, greeting, sender, recipient, data, its end, and a reset: each may take the whole time limit."""
    assert outbox.BEGUN_WITHIN + timedelta(seconds=settings.EMAIL_TIMEOUT * 10) < outbox.LEASE


def test_no_mail_is_begun_so_late_that_its_lease_could_run_out(smtp, monkeypatch):
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


def test_a_row_that_needs_no_mail_any_more_is_not_claimed_again(smtp):
    factories.signature(factories.petition(), mailed_at=None, mail_due_at=timezone.now())
    assert send() == 1
    assert Signature.objects.get().mail_due_at is None
    assert smtp.received == []
