from datetime import timedelta

import pytest
from django.utils import timezone

from core.crypto import tokens
from petitions import closing, consent, signing
from petitions.models import Signature
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(live):
    return factories.signature(live.petition, confirmed=False, name="Ana <b>", comment="Because", country="ES")


def url(signature, purpose="confirm"):
    return f"/confirm/{tokens.make(purpose, signature.pk)}/"


def owner(**fields):
    return {"name": "Ana", "country": "FR", "comment": ""} | fields


def test_it_shows_what_will_be_confirmed(client, pending):
    page = client.get(url(pending)).content.decode()
    assert 'value="Ana &lt;b&gt;"' in page
    assert "Because" in page
    assert "<p>Publish it.</p>" in page
    assert '<option value="ES" selected>' in page
    assert "checked" not in page
    boxes = [(box["name"], "required" in box.attributes) for box in Html(page).find("[type=checkbox]")]
    assert boxes == [("show_name", False), ("updates", False), ("others", False), ("hand_over", False)]
    assert Html(page).one("#agree").text == consent.texts()["sign"]
    assert Html(page).one("main form button")["aria-describedby"] == "agree"


def test_its_button_confirms_and_leads_to_the_tweet_step(client, live, pending):
    response = client.post(url(pending), owner(updates="on"))
    assert response.status_code == 303
    assert response.url == f"/c/{live.slug}/act/?confirmed=1"
    pending.refresh_from_db()
    assert (pending.name, pending.country, pending.counts) == ("Ana", "FR", True)
    assert pending.updates_at
    assert pending.show_name_at is None


def test_a_campaign_without_tweets_leads_to_its_progress(client):
    campaign = factories.campaign(tweet_action=None)
    row = factories.signature(campaign.petition, confirmed=False)
    assert client.post(url(row), owner()).url == f"/c/{campaign.slug}/progress/?confirmed=1"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "id_name"),
        ({"country": "XX"}, "id_country"),
        ({"name": "=1"}, "id_name"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(client, pending, fields, field):
    response = client.post(url(pending), owner(comment="Kept words", **fields))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'<a href="#{field}">' in page
    assert f'id="{field}_error"' in page
    assert "Kept words" in page
    pending.refresh_from_db()
    assert pending.confirmed_at is None


def test_a_used_link_has_a_kind_page(client, live, pending):
    client.post(url(pending), owner())
    for response in (client.get(url(pending)), client.post(url(pending), owner(name="Eve"))):
        assert response.status_code == 200
        assert b"You have signed already" in response.content
        assert live.get_absolute_url().encode() in response.content
    pending.refresh_from_db()
    assert pending.name == "Ana"


def test_another_link_of_the_same_address_has_it_too(client, live):
    first, second = (factories.signature(live.petition, confirmed=False, address="ana@example.org") for _ in range(2))
    client.post(url(first), owner())
    assert b"You have signed already" in client.post(url(second), owner()).content


@pytest.mark.parametrize("taken_back", [signing.withdraw, signing.erase])
@pytest.mark.parametrize("confirmed", [True, False])
def test_what_was_taken_back_is_not_said_to_count(client, live, taken_back, confirmed):
    row = factories.signature(live.petition, confirmed=confirmed)
    taken_back(row)
    for response in (client.get(url(row)), client.post(url(row), owner())):
        assert response.status_code == 410
        main = Html(response).one("main").text
        assert "You took your signature back" in main
        assert "Your signature under “Open the river report” does not count." in main
        assert "confirmed" not in main


def test_who_signed_again_reads_of_the_one_that_stands(client, live):
    row = factories.signature(live.petition, address="ana@example.org")
    signing.withdraw(row)
    factories.signature(live.petition, address="ana@example.org")
    response = client.get(url(row))
    assert response.status_code == 200
    assert "is confirmed: it counts once" in Html(response).one("main").text


@pytest.mark.parametrize("review", ["quarantined", "removed"])
def test_what_staff_keep_out_is_not_said_to_count(client, live, review):
    row = factories.signature(live.petition, review=review)
    other = factories.signature(live.petition, confirmed=False, address=row.email)
    for response in (client.get(url(row)), client.post(url(row), owner()), client.post(url(other), owner())):
        main = Html(response).one("main").text
        assert "is confirmed, but it does not count at the moment. Your own page says why." in main
        assert review not in main
        assert "counts once" not in main


def test_what_is_forgotten_in_time_counts_still(client, live):
    row = factories.signature(live.petition)
    signing.blank(Signature.objects.filter(pk=row.pk))
    assert "is confirmed: it counts once" in Html(client.get(url(row))).one("main").text


def test_what_is_taken_back_while_it_is_confirmed_is_not_said_to_count(client, live, monkeypatch):
    row = factories.signature(live.petition, confirmed=False)
    make_stand = signing._make_stand

    def too_late(signature, **fields):
        signing.withdraw(signature)
        return make_stand(signature, **fields)

    monkeypatch.setattr(signing, "_make_stand", too_late)
    assert b"You took your signature back" in client.post(url(row), owner()).content


def test_an_expired_link_has_a_kind_page(client, live, pending):
    Signature.objects.update(mailed_at=timezone.now() - timedelta(days=8))
    for response in (client.get(url(pending)), client.post(url(pending), owner())):
        assert response.status_code == 410
        assert b"Sign again" in response.content
        assert live.get_absolute_url().encode() in response.content


def test_a_link_whose_row_is_gone_has_a_kind_page(client, pending):
    address = url(pending)
    Signature.objects.all().delete()
    response = client.get(address)
    assert response.status_code == 410
    assert b"This link has expired" in response.content


@pytest.mark.parametrize("token", ["nonsense", "AaBb.CcDd", "..", "%00", "a" * 500])
def test_a_forged_link_has_a_kind_page(client, token):
    response = client.get(f"/confirm/{token}/")
    assert response.status_code == 404
    assert b"This link is not complete" in response.content or b"There is nothing here" in response.content


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, pending, method):
    assert getattr(client, method)(url(pending)).status_code == 405


def test_a_signature_made_in_time_may_be_confirmed_after_the_close(client, live, pending):
    closing.close(live.petition)
    assert client.post(url(pending), owner()).status_code == 303


def test_a_row_that_was_blanked_meanwhile_is_gone(client, pending):
    signing.blank(Signature.objects.filter(pk=pending.pk))
    for response in (client.get(url(pending)), client.post(url(pending), owner())):
        assert response.status_code == 410


def test_an_empty_form_is_a_form_with_errors(client, pending):
    response = client.post(url(pending), {})
    assert response.status_code == 422
    assert b'id="errors"' in response.content
