"""What the database itself refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.privacy.address_hashes import address_hash
from petitions import consent, signing
from petitions.models import Petition, Review, Signature
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return factories.petition()


def refused(change, *args, **kwargs):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change(*args, **kwargs)
    return str(caught.value)


def rows(pk):
    return Signature.objects.filter(pk=pk)


def test_one_confirmed_signature_for_each_address(petition):
    factories.signature(petition, address="ana@example.org")
    assert "one_signature_per_address" in refused(factories.signature, petition, address="Ana+2@example.org")


@pytest.mark.parametrize("review", Review.values)
def test_whatever_its_review(petition, review):
    factories.signature(petition, address="ana@example.org", review=review)
    refused(factories.signature, petition, address="ana@example.org")


def test_but_any_number_of_pending_ones_and_one_more_after_a_withdrawal(petition):
    for _ in range(3):
        factories.signature(petition, confirmed=False, address="ana@example.org")
    factories.signature(petition, address="ana@example.org", withdrawn_at=timezone.now())
    factories.signature(petition, address="ana@example.org")
    factories.signature(factories.petition(), address="ana@example.org")


def test_counts_is_one_definition(petition):
    cases = {
        True: [{}],
        False: [
            {"confirmed": False},
            {"review": "quarantined"},
            {"review": "removed"},
            {"withdrawn_at": timezone.now()},
        ],
    }
    for counts, facts in cases.items():
        for fields in facts:
            row = factories.signature(petition, **fields)
            assert rows(row.pk).get().counts is counts, fields


def test_retention_does_not_change_what_counts(petition):
    row = factories.signature(petition)
    signing.blank(rows(row.pk))
    row.refresh_from_db()
    assert row.counts
    assert row.erased_at


@pytest.mark.parametrize("change", ["petition", "country", "confirmed_at"])
def test_the_facts_of_a_confirmed_signature_stay(petition, change):
    row = factories.signature(petition)
    other = {"petition": factories.petition(), "country": "FR", "confirmed_at": timezone.now() - timedelta(days=1)}
    assert "never change" in refused(rows(row.pk).update, **{change: other[change]})


def test_nobody_can_unconfirm(petition):
    row = factories.signature(petition)
    refused(rows(row.pk).update, confirmed_at=None)


def test_until_then_they_may_change(petition):
    row = factories.signature(petition, confirmed=False)
    rows(row.pk).update(country="FR")


def test_a_confirmed_signature_is_never_deleted(petition):
    row = factories.signature(petition, withdrawn_at=timezone.now())
    assert "never deleted" in refused(rows(row.pk).delete)


def test_a_pending_one_may_go(petition):
    row = factories.signature(petition, confirmed=False)
    rows(row.pk).delete()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("signature_review_is_known", {"review": "fine"}),
        ("signature_country_is_a_code", {"country": "es"}),
        ("signature_is_whole_or_erased", {"email": None}),
        ("signature_is_whole_or_erased", {"name": None}),
        ("erased_signature_is_blank", {"erased_at": timezone.now()}),
        ("confirmed_signature_has_consent", {"consent_text": None}),
    ],
)
def test_half_facts_are_refused(petition, constraint, fields):
    assert constraint in refused(factories.signature, petition, **fields)


def test_a_petition_closes_after_it_opens():
    now = timezone.now()
    message = refused(Petition.objects.create, title="x", text="x", opens_at=now, closes_at=now - timedelta(days=1))
    assert "petition_closes_after_opening" in message


def test_a_consent_text_is_kept_while_anybody_agreed_to_it(petition):
    factories.signature(petition)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        consent.current().delete()


def test_the_address_hash_is_the_canonical_one(petition):
    row = factories.signature(petition, address="Ana+x@Example.org")
    assert bytes(row.address_hash) == address_hash("ana@example.org")
