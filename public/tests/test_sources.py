"""Through which link somebody came to sign: a word in the path, and what is kept, told and forgotten of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import sourcing, status
from campaigns.models import Source, Update
from core import kept
from core.crypto import tokens
from petitions import disclosure, signing, tasks
from petitions.models import LinkRequest, Petition, Signature
from public import mails
from tests import factories
from tests.factories import typed
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaflet(live):
    Source.objects.create(campaign=live, word="leaflet")
    return live


def sign(client, campaign, source=None):
    page = f"/c/{campaign.slug}/from/{source}/" if source else campaign.get_absolute_url()
    form = form_of(client.get(page, follow=True), 'form[action$="/sign/"]') | typed()
    assert client.post(f"/c/{campaign.slug}/sign/", form).status_code == 303
    return Signature.objects.latest("signed_at")


@pytest.mark.parametrize("source", ["leaflet", "x", "whatsapp", "embed", "news", "link", "stall"])
def test_the_word_of_a_link_stands_on_the_signature_and_its_owner_is_told(client, leaflet, source):
    row = sign(client, leaflet, source)
    assert row.source == source
    asked = LinkRequest.objects.create(email=row.email, mailed_at=timezone.now())
    own = f"/my/{tokens.make('my', asked.pk)}/"
    assert source in Html(client.get(own)).texts(".facts dd")
    assert client.get(f"{own}export.json").json()["signatures"][0]["came_through"] == source


def test_without_such_a_link_there_is_none(client, leaflet):
    row = sign(client, leaflet)
    assert row.source is None
    asked = LinkRequest.objects.create(email=row.email, mailed_at=timezone.now())
    assert "Came through" not in client.get(f"/my/{tokens.make('my', asked.pk)}/").content.decode()


def test_it_goes_with_an_erasure(client, leaflet):
    row = sign(client, leaflet, "leaflet")
    signing.blank(Signature.objects.filter(pk=row.pk))
    row.refresh_from_db()
    assert row.source is None


@pytest.mark.parametrize("sent", ["unknown", "direct", "Leaflet", "leaflet\n", "x" * 500, "'; --", "mastodon "])
def test_a_word_that_nobody_chose_is_not_kept_and_stands_in_nobodys_way(client, leaflet, sent):
    assert client.post(f"/c/{leaflet.slug}/sign/", typed(source=sent)).status_code == 303
    assert Signature.objects.get().source in (None, sent.strip() if sent.strip() in ("leaflet", "mastodon") else None)


def test_a_word_of_another_campaign_is_none_of_this_one(client, leaflet):
    other = factories.campaign()
    response = client.get(f"/c/{other.slug}/from/leaflet/")
    assert (response.status_code, response.url) == (302, f"/c/{other.slug}/")
    client.post(f"/c/{other.slug}/sign/", typed(source="leaflet"))
    assert Signature.objects.get().source is None


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_the_page_differs_by_one_hidden_field(client, leaflet, prefix):
    with time_machine.travel(timezone.now(), tick=False):
        plain = client.get(f"{prefix}/c/{leaflet.slug}/")
        page = client.get(f"{prefix}/c/{leaflet.slug}/from/leaflet/")
    assert form_of(page, 'form[action$="/sign/"]')["source"] == "leaflet"
    assert "source" not in form_of(plain, 'form[action$="/sign/"]')
    assert Html(page).without("[name=source]").markup == Html(plain).without("[name=source]").markup
    assert page["Cache-Control"] == plain["Cache-Control"] == "public, max-age=3"
    assert not page.cookies


def test_an_unknown_one_leads_to_the_campaign(client, leaflet):
    for word in ("nowhere", "direct2", "other", "direct"):
        response = client.get(f"/ar/c/{leaflet.slug}/from/{word}/")
        assert (response.status_code, response.url) == (302, f"/ar/c/{leaflet.slug}/")
        assert "public" not in response.get("Cache-Control", "")
    assert client.get("/c/nowhere/from/x/").status_code == 404


def test_a_form_that_comes_back_has_it_still(client, leaflet):
    page = client.post(f"/c/{leaflet.slug}/sign/", typed(name="", source="leaflet"))
    assert page.status_code == 422
    assert form_of(page, 'form[action$="/sign/"]')["source"] == "leaflet"


@pytest.mark.requirement("S11")
def test_at_the_highest_level_no_source_is_kept(client):
    campaign = factories.campaign(safety="high")
    Source.objects.create(campaign=campaign, word="leaflet")
    assert client.get(f"/c/{campaign.slug}/from/leaflet/").status_code == 302
    client.post(f"/c/{campaign.slug}/sign/", typed(source="leaflet"))
    signing.sign(campaign.petition, {**typed(), "source": "leaflet"}, "en", b"0" * 16)
    assert list(Signature.objects.values_list("source", flat=True)) == [None, None]
    assert sourcing.path(campaign, "x") == f"/c/{campaign.slug}/"
    assert "/from/" not in client.get(f"/c/{campaign.slug}/embed/").content.decode()


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("by", ["staff", "the clock"])
def test_what_was_kept_goes_when_the_level_is_raised(client, leaflet, by):
    factories.signature(leaflet.petition, source="leaflet")
    other = factories.campaign()
    factories.signature(other.petition, source="x")
    leaflet.safety = "high"
    leaflet.save()
    if by == "staff":
        status.apply(leaflet)
    else:
        tasks.forget()
    assert list(Signature.objects.order_by("pk").values_list("source", flat=True)) == [None, "x"]


@pytest.mark.requirement("S11")
def test_no_cell_of_sources_has_fewer_than_five(live):
    for source, number in (("x", 12), ("leaflet", 5), ("mail", 4), ("embed", 3), (None, 9)):
        factories.signatures(live.petition, number, source=source)
    factories.signature(live.petition, confirmed=False, source="x")
    factories.signature(live.petition, source="x", review="removed")
    assert disclosure.by_source(live.petition) == []
    Petition.objects.update(told_until=timezone.now() + timedelta(minutes=1))
    live.petition.refresh_from_db()
    assert disclosure.by_source(live.petition) == [("x", 12), ("direct", 9), ("leaflet", 5), ("", 7)]
    live.safety = "high"
    live.save()
    assert disclosure.by_source(Petition.objects.get()) == []


def test_direct_is_one_cell_also_where_the_word_itself_was_kept(live):
    for source, number in (("x", 5), ("direct", 6), (None, 9)):
        factories.signatures(live.petition, number, source=source)
    Petition.objects.update(told_until=timezone.now() + timedelta(minutes=1))
    live.petition.refresh_from_db()
    assert disclosure.by_source(live.petition) == [("direct", 15), ("x", 5)]


@pytest.mark.parametrize("word", ["Leaflet", "two words", "", "-a", "a" * 21, "ä", "x", "whatsapp", "embed", "direct"])
def test_a_source_is_a_word_of_its_own(live, word):
    with pytest.raises(ValidationError):
        Source(campaign=live, word=word).full_clean()


def test_the_database_holds_it_to_that(leaflet):
    for change in (
        lambda: Source.objects.create(campaign=leaflet, word="leaflet"),
        lambda: Source.objects.create(campaign=leaflet, word="Two words"),
        lambda: factories.signature(leaflet.petition, source="Two words"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_our_own_links_say_where_they_stood(client, live):
    for page, source in (("embed", "embed"), ("pass-on", "link")):
        assert (
            f"http://testserver/c/{live.slug}/from/{source}/" in client.get(f"/c/{live.slug}/{page}/").content.decode()
        )
    signature = factories.signature(live.petition, updates_at=timezone.now(), language="ar")
    update = Update.objects.create(campaign=live, title="News", text="Of it", published_at=timezone.now())
    mail = mails.update(update.mails.create(signature=signature))
    link = f"http://testserver/ar/c/{live.slug}/from/news/"
    assert link in mail.body
    assert link in Html(mail.alternatives[0][0]).values("a", "href")


def test_no_link_of_ours_has_a_parameter_that_follows_anybody(client, live):
    for page in ("", "act/", "pass-on/", "embed/"):
        links = Html(client.get(f"/c/{live.slug}/{page}")).values("[href], [data-url], [value]", "href")
        assert not [link for link in links if f"/c/{live.slug}/" in link and "?" in link.split("/oembed?")[0]]


def test_a_source_of_staff_works_within_a_second(client, live):
    assert client.get(f"/c/{live.slug}/from/poster/").status_code == 302
    Source.objects.create(campaign=live, word="poster")
    kept.forget()
    assert client.get(f"/c/{live.slug}/from/poster/").status_code == 200
