"""A petition that no campaign runs, beside campaigns: every page of its signers, and how long we know them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.crypto import tokens
from core.privacy.address_hashes import address_hash
from core.privacy.safety import POLICIES, SafetyLevel
from petitions import closing, signing, tally, tasks
from petitions.models import LinkRequest, Signature
from tests import factories
from tests.factories import typed

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"


@pytest.fixture
def petition(live):
    return factories.petition(title="Plant trees")


@pytest.fixture
def pending(petition):
    return factories.signature(petition, confirmed=False, address=ANA)


def confirm_url(row):
    return f"/confirm/{tokens.make('confirm', row.pk)}/"


def own_page():
    asked = LinkRequest.objects.create(email=ANA, address_hash=address_hash(ANA), mailed_at=timezone.now())
    return f"/my/{tokens.make('my', asked.pk)}/"


def test_it_is_signed_and_confirmed_and_the_page_says_so(client, petition, smtp):
    signing.sign(petition, typed(email=ANA), "en", b"0" * 16)
    tasks.send_confirmations()
    assert smtp.received[0].rcpt_tos == [ANA]
    mail = smtp.received[0].content.decode().replace("=\r\n", "")
    link = re.search(r"http://testserver(/confirm/[^/\s]+/)", mail).group(1)
    done = client.post(link, typed(), follow=True)
    assert done.redirect_chain == [(link, 303)]
    page = done.content.decode()
    assert "You have signed already" in page
    assert "Plant trees" in page
    assert "Go to the campaign" not in page
    tally.settle_all()
    assert tally.confirmed(petition) == 1


def test_confirming_on_the_own_page_says_so_there(client, pending):
    link = f"{own_page()}{pending.pk}/confirm/"
    done = client.post(link, typed(), follow=True)
    assert done.redirect_chain == [(link, 303)]
    assert "You have signed already" in done.content.decode()


def test_another_link_of_the_same_mailbox_says_it_too(client, petition, pending):
    factories.signature(petition, address=ANA)
    assert "You have signed already" in client.post(confirm_url(pending), typed()).content.decode()


def test_an_expired_link_leads_to_the_campaigns(client, pending):
    Signature.objects.update(mailed_at=timezone.now() - timedelta(days=8))
    answer = client.get(confirm_url(pending))
    assert answer.status_code == 410
    assert '<a class="plain" href="/">See all campaigns</a>' in answer.content.decode()
    assert "Sign again" not in answer.content.decode()


def test_its_signer_withdraws_and_erases(client, petition):
    row = factories.signature(petition, address=ANA)
    page = own_page()
    assert "Plant trees" in client.get(page).content.decode()
    assert client.get(f"{page}export.json").json()["signatures"][0]["petition"] == "Plant trees"
    assert "It no longer counts." in client.post(f"{page}{row.pk}/withdraw/", follow=True).content.decode()
    assert "We have forgotten you" in client.post(f"{page}{row.pk}/erase/", follow=True).content.decode()
    row.refresh_from_db()
    assert (row.email, row.name, row.address_hash, row.counts) == (None, None, None, False)
    assert LinkRequest.objects.count() == 0


def test_who_signed_is_forgotten_as_at_the_standard_level_and_the_count_stays(petition):
    factories.signature(petition)
    tally.settle_all()
    closing.close(petition)
    kept = POLICIES[SafetyLevel.STANDARD].kept_after_closing
    assert petition.forgets_at == petition.closes_at + kept
    for moment, is_kept in ((petition.forgets_at, True), (petition.forgets_at + timedelta(minutes=1), False)):
        with time_machine.travel(moment, tick=False):
            tasks.forget()
        assert Signature.objects.kept().exists() is is_kept
    assert tally.confirmed(petition) == 1
