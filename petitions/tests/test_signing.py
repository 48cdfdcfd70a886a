from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions import consent, recount, signing, tally
from petitions.models import LINK_LIVES, ConsentText, Signature
from tests import factories

pytestmark = pytest.mark.django_db

SUBMITTED = {"name": "Ana", "email": "ana@example.org", "country": "ES", "comment": ""}
CONFIRMED = {"name": "Ana B.", "country": "FR", "comment": "Why", "show_name": True, "updates": False, "others": False}


@pytest.fixture
def petition():
    return factories.petition()


def submit(petition, **fields):
    return signing.sign(petition, SUBMITTED | fields, "en", b"c" * 16)


def test_signing_is_one_statement_beside_the_words_at_the_form_which_are_kept(petition, django_assert_num_queries):
    submit(petition, email="first@example.org")  # the day's key is read once a process
    Signature.objects.all().delete()
    with django_assert_num_queries(2):
        submit(petition)
    row = Signature.objects.get()
    assert (row.name, row.email, row.country) == ("Ana", "ana@example.org", "ES")
    assert row.mail_due_at <= timezone.now()
    assert not row.counts


def test_every_submission_is_a_row_of_its_own(petition):
    first, second = submit(petition), submit(petition, name="Somebody else")
    assert first.pk != second.pk
    first.refresh_from_db()
    assert first.name == "Ana"


def test_confirming_takes_what_the_owner_wrote(petition):
    row = submit(petition)
    signing.confirm(row, CONFIRMED)
    row.refresh_from_db()
    assert (row.name, row.country, row.comment) == ("Ana B.", "FR", "Why")
    assert row.counts
    assert row.show_name_at == row.confirmed_at
    assert row.updates_at is None
    assert set(row.consent_text.texts) == set(consent.SIGNING)


def test_confirming_is_one_update_where_nothing_is_decided(petition):
    submit(petition, email="first@example.org")
    signing.confirm(Signature.objects.get(), CONFIRMED)  # the words are read once a process
    row = submit(petition)
    with CaptureQueriesContext(connection) as asked:
        signing.confirm(row, CONFIRMED | {"show_name": False})
    sent = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"] and "consenttext" not in query["sql"]]
    lock, update = sent
    assert "pg_advisory_xact_lock_shared" in lock and update.startswith("UPDATE")


def test_a_second_click_says_so_and_changes_nothing(petition):
    row = submit(petition)
    stale = Signature.objects.get(pk=row.pk)
    signing.confirm(row, CONFIRMED)
    with pytest.raises(signing.AlreadyConfirmed):
        signing.confirm(stale, CONFIRMED | {"name": "Another"})
    row.refresh_from_db()
    assert row.name == "Ana B."


def test_a_second_link_of_the_same_address_loses_the_race(petition):
    first, second = submit(petition), submit(petition)
    signing.confirm(first, CONFIRMED)
    with pytest.raises(signing.AlreadyConfirmed):
        signing.confirm(second, CONFIRMED)
    assert Signature.objects.counting().count() == 1


def test_any_unexpired_link_confirms(petition):
    submit(petition)
    signing.confirm(submit(petition), CONFIRMED)
    assert Signature.objects.counting().count() == 1


def test_an_expired_link_does_not(petition):
    row = submit(petition)
    row.mailed_at = timezone.now() - LINK_LIVES - timedelta(seconds=1)
    row.save()
    with pytest.raises(signing.LinkExpired):
        signing.confirm(row, CONFIRMED)


def test_the_link_lives_from_its_mail_on_not_from_signing(petition):
    row = submit(petition)
    row.signed_at, row.mailed_at = timezone.now() - timedelta(days=30), timezone.now()
    row.save()
    signing.confirm(row, CONFIRMED)


def test_quarantined_rows_confirm_and_do_not_count(petition):
    row = signing.sign(petition, SUBMITTED, "en", b"c" * 16, quarantine=True)
    signing.confirm(row, CONFIRMED)
    assert Signature.objects.under_review().count() == 1
    assert Signature.objects.counting().count() == 0


def test_withdrawing_takes_it_out_of_the_count_and_lets_the_address_sign_again(petition):
    row = submit(petition)
    signing.confirm(row, CONFIRMED)
    tally.settle_all()
    signing.withdraw(row)
    signing.withdraw(row)
    tally.settle_all()
    assert tally.confirmed(petition) == 0
    again = submit(petition)
    signing.confirm(again, CONFIRMED)
    tally.settle_all()
    assert tally.confirmed(petition) == 1


def test_erasing_withdraws_tallies_and_blanks_at_once(petition):
    row = submit(petition)
    signing.confirm(row, CONFIRMED)
    tally.settle_all()
    signing.erase(row)
    signing.erase(row)
    row.refresh_from_db()
    blank = (row.email, row.name, row.comment, row.address_hash, row.client_hash, row.show_name_at)
    assert blank == (None,) * 6
    assert row.erased_at
    assert not row.counted
    assert tally.confirmed(petition) == 0
    assert recount.differences() == []


def test_erasing_before_the_tally_saw_it_is_exact_too(petition):
    row = submit(petition)
    signing.confirm(row, CONFIRMED)
    signing.erase(row)
    tally.settle_all()
    assert tally.confirmed(petition) == 0


def test_hiding_and_unsubscribing(petition):
    row = submit(petition)
    signing.confirm(row, CONFIRMED | {"updates": True, "others": True})
    mine = Signature.objects.filter(pk=row.pk)
    signing.hide(mine)
    signing.unsubscribe(mine)
    row.refresh_from_db()
    assert (row.show_name_at, row.updates_at, row.others_at) == (None, None, None)
    assert row.counts


def test_a_new_wording_is_a_new_version(petition, settings):
    signing.confirm(submit(petition), CONFIRMED)
    settings.ORGANISATION = "Another Network"
    signing.confirm(submit(petition, email="bo@example.org"), CONFIRMED)
    assert ConsentText.objects.filter(texts__has_key="sign").count() == 2
    assert "Another Network" in ConsentText.objects.latest("pk").texts["sign"]
