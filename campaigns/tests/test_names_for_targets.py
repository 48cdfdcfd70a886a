"""The fifth consent: a signer lets the target have the name, and takes that back until it was delivered."""

import pytest
from django.utils import timezone

from campaigns.models import NameForTarget
from core.crypto import tokens
from core.privacy.address_hashes import address_hash
from operations.models import JournalEntry
from petitions import recovering, signing
from petitions.models import LinkRequest
from tests import factories
from tests.factories import typed
from tests.html import Html, form_of
from tests.login import make_staff

pytestmark = pytest.mark.django_db


def link(signature):
    return f"/confirm/{tokens.make('confirm', signature.pk)}/"


def box(client, signature):
    found = Html(client.get(link(signature))).find("[name=hand_over]")
    return found[0] if found else None


def own_page(address):
    asked = LinkRequest.objects.create(email=address, address_hash=address_hash(address), mailed_at=timezone.now())
    return f"/my/{tokens.make('my', asked.pk)}/"


@pytest.fixture
def pending(live):
    return factories.signature(live.petition, confirmed=False, address="ana@example.org", name="Ana")


@pytest.mark.requirement("S3")
def test_a_tick_stores_the_target_with_the_words_that_named_it(client, live, pending):
    ticked = box(client, pending)
    assert "checked" not in ticked.attributes
    words = Html(client.get(link(pending))).one(f"label[for={ticked['id']}]").text
    assert "Hand my name to Ministry of Examples" in words
    assert "can't be called back" in words
    assert client.post(link(pending), typed(hand_over=ticked["value"])).status_code == 303
    row = NameForTarget.objects.get()
    pending.refresh_from_db()
    assert (row.signature, row.target, row.consent_text) == (pending, live.target, pending.consent_text)
    assert row.consent_text.texts["hand_over"] == words


@pytest.mark.requirement("S3")
def test_without_a_tick_nobody_gets_the_name(client, live, pending):
    client.post(link(pending), form_of(client.get(link(pending)), "main form"))
    pending.refresh_from_db()
    assert pending.counts
    assert "hand_over" in pending.consent_text.texts
    assert not NameForTarget.objects.exists()


@pytest.mark.requirement("S2")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_at_higher_levels_nobody_is_asked_and_a_tick_counts_for_nothing(client, level):
    campaign = factories.campaign(safety=level)
    row = factories.signature(campaign.petition, confirmed=False)
    assert box(client, row) is None
    assert client.post(link(row), typed(hand_over=str(campaign.target.pk))).status_code == 303
    row.refresh_from_db()
    assert row.counts
    assert "hand_over" not in row.consent_text.texts
    assert not NameForTarget.objects.exists()


def test_without_a_target_nobody_is_asked(client):
    campaign = factories.campaign(tweet_action=None)
    assert box(client, factories.signature(campaign.petition, confirmed=False)) is None


@pytest.mark.requirement("S3")
def test_a_tick_for_another_target_comes_back_empty(client, live, pending):
    """The target was changed while the page stood open: nobody agrees to whom they did not read of."""
    before = box(client, pending)["value"]
    live.tweet_action.target = factories.target(name="Another office")
    live.tweet_action.save()
    answer = client.post(link(pending), typed(hand_over=before))
    assert answer.status_code == 422
    page = Html(answer)
    assert "checked" not in page.one("[name=hand_over]").attributes
    assert "Hand my name to Another office" in page.text
    pending.refresh_from_db()
    assert not pending.counts
    assert client.post(link(pending), typed(hand_over=page.one("[name=hand_over]")["value"])).status_code == 303
    assert NameForTarget.objects.get().target.name == "Another office"


@pytest.fixture
def given(live):
    return factories.name_for_target(live, address="ana@example.org")


@pytest.mark.requirement("S7")
def test_the_own_page_says_it_and_takes_it_back(client, live, given):
    page = own_page("ana@example.org")
    assert "to Ministry of Examples with the petition" in Html(client.get(page)).text
    told = client.get(f"{page}export.json").json()["signatures"][0]["name_for"]
    assert (told["who"], told["delivered"]) == ("Ministry of Examples", None)
    assert client.post(f"{page}{given.signature_id}/keep/").url.endswith("?done=keep")
    assert not NameForTarget.objects.exists()
    shown = Html(client.get(page))
    assert "Ministry of Examples" not in shown.text
    assert not shown.find(f"form[action$='{given.signature_id}/keep/']")
    assert client.get(f"{page}export.json").json()["signatures"][0]["name_for"] is None
    given.signature.refresh_from_db()
    assert given.signature.counts


@pytest.mark.requirement("S7")
def test_what_was_delivered_is_said_and_stays_until_it_is_erased(client, live, given):
    delivery = factories.delivery(live, make_staff(), names=1, handed_over_at=timezone.now())
    delivery.people.add(given)
    page = own_page("ana@example.org")
    shown = Html(client.get(page))
    assert "a name that was delivered can't be called back" in shown.text
    assert not shown.find(f"form[action$='{given.signature_id}/keep/']")
    client.post(f"{page}{given.signature_id}/keep/")
    client.post(f"{page}{given.signature_id}/withdraw/")
    assert NameForTarget.objects.filter(pk=given.pk).exists()
    client.post(f"{page}{given.signature_id}/erase/")
    assert not NameForTarget.objects.exists()


@pytest.mark.requirement("S7")
def test_a_list_that_has_left_us_is_said_and_can_still_be_refused(client, live, given):
    """Nobody reads that the name goes nowhere while somebody carries it."""
    delivery = factories.delivery(live, make_staff(), names=1)
    delivery.people.add(given)
    page = own_page("ana@example.org")
    assert "has left us for Ministry of Examples" in Html(client.get(page)).text
    told = client.get(f"{page}export.json").json()["signatures"][0]["name_for"]
    assert (told["left_us"], told["delivered"]) == (delivery.written_at.isoformat(timespec="seconds"), None)
    assert client.post(f"{page}{given.signature_id}/keep/").status_code == 303
    assert delivery.lacks == 1
    shown = Html(client.get(page))
    assert "had left us for Ministry of Examples before" in shown.text
    assert not shown.find(f"form[action$='{given.signature_id}/keep/']")
    assert client.get(f"{page}export.json").json()["signatures"][0]["name_for"]["taken_back"]
    another = factories.delivery(live, make_staff("again@example.org"), state="writing")
    assert not NameForTarget.objects.for_delivery(another).exists()
    client.post(f"{page}{given.signature_id}/erase/")
    assert not NameForTarget.objects.exists()


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("state", ["ready", "expired"])
def test_a_list_that_nobody_fetched_has_not_left_us(client, live, given, state):
    factories.delivery(live, make_staff(), names=1, state=state).people.add(given)
    assert "unless you take it back before" in Html(client.get(own_page("ana@example.org"))).text


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("verb", ["withdraw", "erase"])
def test_it_goes_with_the_signature(client, given, verb):
    client.post(f"{own_page('ana@example.org')}{given.signature_id}/{verb}/")
    assert not NameForTarget.objects.exists()


def test_what_was_taken_back_is_taken_back_again_after_a_restore(live, given):
    signing.keep_name(type(given.signature).objects.filter(pk=given.signature_id))
    entry = JournalEntry.objects.get(verb="keep name")
    again = NameForTarget.objects.create(signature=given.signature, target=live.target, consent_text=given.consent_text)
    recovering._keep_name(entry)
    assert not NameForTarget.objects.filter(pk=again.pk).exists()
