from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from petitions import conditions, tally
from petitions.models import Signature, Tally
from petitions.tasks import recount_all
from tests import factories

pytestmark = pytest.mark.django_db
AGO = timedelta(minutes=11)


def test_confirmation_mails_are_late_after_ten_minutes():
    petition = factories.petition()
    now = timezone.now()
    factories.signatures(petition, 3, confirmed=False, mailed_at=None, mail_due_at=now, signed_at=now - AGO / 2)
    assert not conditions.confirmations_are_late()
    Signature.objects.update(signed_at=now - AGO)
    assert conditions.confirmations_are_late()
    Signature.objects.update(mailed_at=now, mail_due_at=None)
    assert not conditions.confirmations_are_late()


def test_the_tally_is_behind_after_two_minutes():
    petition = factories.petition()
    factories.signature(petition, confirmed_at=timezone.now() - timedelta(seconds=100))
    assert not conditions.the_tally_is_behind()
    factories.signature(petition, confirmed_at=timezone.now() - timedelta(seconds=130))
    assert conditions.the_tally_is_behind()
    tally.settle_all()
    assert not conditions.the_tally_is_behind()


def test_looking_at_the_tally_walks_through_a_small_index_only():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {tally.LAG}")
        assert "signature_to_tally" in str(cursor.fetchall())


def test_a_recount_that_differs_is_an_incident_until_the_next_one():
    factories.signature(factories.petition(), confirmed_at=timezone.now())
    tally.settle_all()
    Tally.objects.update(signatures=9)
    recount_all()
    assert conditions.the_recount_differs()
    recount_all()
    assert conditions.the_recount_differs()
    Tally.objects.update(signatures=1)
    recount_all()
    assert not conditions.the_recount_differs()
