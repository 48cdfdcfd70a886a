"""Each task called twice and again: the second time finds nothing to do."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.privacy.safety import POLICIES, SafetyLevel
from petitions import forgetting, moderation, recount, tally, tasks
from petitions.hourly import rounded
from petitions.models import LINK_LIVES, LinkRequest, Petition, Signature, Tally
from tests import factories
from tests.login import make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_confirmations_go_out_once(smtp):
    petition = factories.petition()
    for _ in range(3):
        factories.signature(petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    tasks.send_confirmations()
    tasks.send_confirmations()
    assert len(smtp.received) == 3


def test_links_go_only_to_those_who_signed(smtp):
    factories.signature(factories.petition(), address="ana@example.org")
    for address in ("Ana+x@example.org", "stranger@example.org"):
        LinkRequest.objects.create(email=address, mail_due_at=timezone.now())
    tasks.send_links()
    tasks.send_links()
    assert [envelope.rcpt_tos for envelope in smtp.received] == [["ana@example.org"]]


def test_the_tally_task_is_idempotent():
    petition = factories.petition()
    factories.signature(petition)
    tasks.tally()
    tasks.tally()
    assert tally.confirmed(petition) == 1


def test_the_snapshot_is_rounded_and_hourly():
    petition = factories.petition()
    for _ in range(14):
        factories.signature(petition, confirmed=False)
    for _ in range(6):
        factories.signature(petition, review="quarantined")
    factories.signature(petition)
    moderation.remove(petition, Signature.objects.filter(pk=factories.signature(petition).pk), "abuse", make_staff())
    tasks.take_hourly()
    tasks.take_hourly()
    petition.refresh_from_db()
    assert (petition.pending, petition.under_review, petition.removed) == (10, 10, 1)
    assert petition.hourly_at


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (4, 0), (5, 10), (14, 10), (15, 20), (104, 100)])
def test_rounding(number, shown):
    assert rounded(number) == shown


def test_the_recount_task_reports_and_repairs_nothing(caplog):
    factories.signature(factories.petition())
    tasks.tally()
    tasks.recount_all()
    assert caplog.records == []
    Tally.objects.update(signatures=9)
    tasks.recount_all()
    assert "rows=1, tally=9" in caplog.text
    assert Tally.objects.get().signatures == 9


def test_what_was_never_confirmed_goes_seven_days_after_its_mail():
    petition, now = factories.petition(), timezone.now()
    old = now - LINK_LIVES - timedelta(minutes=1)
    fresh = factories.signature(petition, confirmed=False, signed_at=old, mailed_at=now)
    unsent = factories.signature(petition, confirmed=False, signed_at=old, mailed_at=None, mail_due_at=old)
    stands = factories.signature(petition, mailed_at=old)
    factories.signature(petition, confirmed=False, mailed_at=old)
    factories.signature(petition, confirmed=False, signed_at=old, mailed_at=None, mail_due_at=None)
    tasks.forget()
    tasks.forget()
    assert set(Signature.objects.values_list("pk", flat=True)) == {fresh.pk, unsent.pk, stands.pk}


def test_six_months_after_closing_the_count_stays_and_the_people_are_forgotten():
    petition = factories.petition()
    row = factories.signature(petition)
    tally.settle_all()
    Petition.objects.update(closes_at=timezone.now() + timedelta(days=1))
    with time_machine.travel(timezone.now() + POLICIES[SafetyLevel.STANDARD].kept_after_closing):
        tasks.forget()
        row.refresh_from_db()
        assert row.erased_at is None
    with time_machine.travel(timezone.now() + POLICIES[SafetyLevel.STANDARD].kept_after_closing + timedelta(days=2)):
        tasks.forget()
        tasks.forget()
    row.refresh_from_db()
    assert row.erased_at
    assert row.email is row.name is row.address_hash is None
    tally.settle_all()
    assert tally.confirmed(petition) == 1
    assert recount.differences() == []


def test_requests_for_links_are_forgotten():
    LinkRequest.objects.create(email="ana@example.org", asked_at=timezone.now() - timedelta(days=3))
    tasks.forget()
    assert LinkRequest.objects.count() == 0


def test_who_signed_is_forgotten_though_many_did(monkeypatch):
    """An hour is enough for more than one batch."""
    monkeypatch.setattr(forgetting, "ROWS", 3)
    petition = factories.petition(
        opens_at=timezone.now() - timedelta(days=400), closes_at=timezone.now() - timedelta(days=300)
    )
    factories.signatures(petition, 8)
    tasks.forget()
    assert not Signature.objects.kept().exists()
    assert Signature.objects.count() == 8
