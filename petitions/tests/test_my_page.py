from datetime import timedelta

import pytest
from django.utils import timezone

from core.crypto import tokens
from core.privacy.address_hashes import address_hash
from petitions import tally
from petitions.models import LinkRequest, Signature
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(live):
    return factories.signature(
        live.petition, address="ana@example.org", show_name_at=timezone.now(), updates_at=timezone.now()
    )


@pytest.fixture
def page(mine):
    request = LinkRequest.objects.create(
        email="ana@example.org", address_hash=address_hash("ana@example.org"), mailed_at=timezone.now()
    )
    return f"/my/{tokens.make('my', request.pk)}/"


def test_asking_for_the_link(client, mine):
    response = client.post("/my/", {"email": "ana@example.org"}, follow=True)
    assert b"If this address has signed here" in response.content
    assert LinkRequest.objects.get().mail_due_at


def test_a_bad_address_is_said_at_the_field(client):
    response = client.post("/my/", {"email": "ana"})
    assert response.status_code == 422
    assert b'id="id_email_error"' in response.content
    assert b'value="ana"' in response.content


def test_it_shows_what_is_kept(client, mine, page):
    text = client.get(page).content.decode()
    for shown in ("Ana Example", "ana@example.org", "Spain", "Open the river report", "counts"):
        assert shown in text


def test_each_signature_is_named_by_its_own_heading(client, live, mine, page):
    """Their keys are UUIDs, which a filter for numbers would make nothing of."""
    other = factories.signature(factories.campaign().petition, address="ana@example.org")
    shown = Html(client.get(page))
    named = shown.values("section.card", "aria-labelledby")
    assert sorted(named) == sorted(f"s-{row.pk}" for row in (mine, other))
    assert shown.values("section.card h2", "id") == named


def test_it_shows_only_ones_own(client, live, page):
    factories.signature(live.petition, address="other@example.org", name="Somebody Else")
    assert "Somebody Else" not in client.get(page).content.decode()


def test_it_finds_what_was_signed_with_another_spelling(client, live):
    factories.signature(live.petition, address="A.na@gmail.com")
    request = LinkRequest.objects.create(email="ana+x@googlemail.com", mailed_at=timezone.now())
    assert "A.na@gmail.com" in client.get(f"/my/{tokens.make('my', request.pk)}/").content.decode()


def test_withdrawing(client, mine, page, live):
    tally.settle_all()
    response = client.post(f"{page}{mine.pk}/withdraw/", follow=True)
    assert "It no longer counts." in response.content.decode()
    assert "withdrawn on" in response.content.decode()
    tally.settle_all()
    assert tally.confirmed(live.petition) == 0


def test_erasing(client, mine, page, live):
    tally.settle_all()
    text = client.post(f"{page}{mine.pk}/erase/", follow=True).content.decode()
    assert "We have forgotten you" in text
    assert "Ana Example" not in text
    mine.refresh_from_db()
    assert mine.erased_at
    assert tally.confirmed(live.petition) == 0


def test_hiding_and_unsubscribing(client, mine, page):
    client.post(f"{page}{mine.pk}/hide/")
    client.post(f"{page}{mine.pk}/unsubscribe/")
    mine.refresh_from_db()
    assert (mine.show_name_at, mine.updates_at) == (None, None)
    assert mine.counts


def test_nobody_changes_the_signature_of_another(client, live, page):
    other = factories.signature(live.petition, address="other@example.org")
    assert client.post(f"{page}{other.pk}/erase/").status_code == 404
    other.refresh_from_db()
    assert other.counts


def test_an_unknown_verb_is_not_found(client, mine, page):
    assert client.post(f"{page}{mine.pk}/promote/").status_code == 404


def test_the_link_works_for_24_hours_from_its_mail(client, mine, page):
    LinkRequest.objects.update(mailed_at=timezone.now() - timedelta(hours=25))
    for response in (client.get(page), client.post(f"{page}{mine.pk}/erase/")):
        assert response.status_code == 410
        assert b"Mail me a new link" in response.content
    assert Signature.objects.get().counts


def test_the_link_works_before_the_end_of_its_mail_is_noted(client, mine, page):
    LinkRequest.objects.update(mailed_at=None, mail_attempts=1)
    assert client.get(page).status_code == 200
    LinkRequest.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert client.get(page).status_code == 410
    LinkRequest.objects.update(asked_at=timezone.now(), mail_attempts=0)
    assert client.get(page).status_code == 410


def test_a_forged_link_is_refused(client, mine):
    assert client.get("/my/forged/").status_code == 410


@pytest.mark.parametrize("verb", ["withdraw", "erase", "hide", "unsubscribe"])
def test_a_get_changes_nothing(client, mine, page, verb):
    assert client.get(f"{page}{mine.pk}/{verb}/").status_code == 405
    mine.refresh_from_db()
    assert mine.counts
    assert mine.show_name_at
