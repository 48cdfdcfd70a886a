"""The press kit and its embargo; the feed; the archive."""

import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from actions.models import SampleTweet
from campaigns.models import Outcome, PressImage, PressKit, Recap, RecapEntry, Response, Status, Update
from core.crypto import tokens
from petitions import tally
from progress import archive
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(live):
    made = PressKit.objects.create(
        campaign=live,
        text="The **release**.",
        facts="Two hundred tests.",
        contact="press@example.org",
        embargo_until=timezone.now() + timedelta(hours=2),
    )
    PressImage.objects.create(kit=made, content=b"jpeg", width=4, height=3, alt="A river", credit="Network")
    return made


def early(kit, key=None):
    return f"/c/{kit.campaign.slug}/press/{tokens.make('press', key or kit.key)}/"


def test_before_the_embargo_is_over_only_those_with_its_url_see_it(client, kit):
    image = kit.images.get()
    page = client.get(f"/c/{kit.campaign.slug}/press/").content.decode()
    assert "The press kit will be here on" in page
    assert "release" not in page
    assert client.get(f"/c/{kit.campaign.slug}/press/images/{image.pk}.jpg").status_code == 404
    response = client.get(early(kit))
    assert "Embargoed until" in response.content.decode()
    assert "<strong>release</strong>" in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    picture = client.get(f"{early(kit)}{image.pk}.jpg")
    assert (picture.content, picture["Content-Type"], picture["Cache-Control"]) == (b"jpeg", "image/jpeg", "no-store")


def test_afterwards_everybody(client, kit, live):
    SampleTweet.objects.create(action=live.tweet_action, text="Say it .{target} #OpenTheRiverReport")
    SampleTweet.objects.create(action=live.tweet_action, text="قلها .{target}", language="ar")
    with time_machine.travel(kit.embargo_until + timedelta(seconds=1)):
        page = client.get(f"/c/{kit.campaign.slug}/press/").content.decode()
        assert client.get(f"/c/{kit.campaign.slug}/press/images/{kit.images.get().pk}.jpg").status_code == 200
    for words in (
        "<strong>release</strong>",
        "Two hundred tests.",
        "press@example.org",
        'alt="A river"',
        "Say it",
        'lang="ar"',
    ):
        assert words in page
    assert '<bdi dir="ltr">.@xmpl_ministry</bdi>' in page


def test_forged_and_foreign_urls_open_nothing(client, kit):
    other = PressKit.objects.create(campaign=factories.campaign(), text="x", contact="x")
    assert client.get(early(kit, other.key)).status_code == 404
    assert client.get(f"/c/{kit.campaign.slug}/press/forged/").status_code == 404
    assert client.get(f"/c/{kit.campaign.slug}/press/forged/{kit.images.get().pk}.jpg").status_code == 404


def test_no_kit_no_page(client, live):
    assert client.get(f"/c/{live.slug}/press/").status_code == 404
    assert "Press" not in client.get(live.get_absolute_url()).content.decode()


def test_the_feed_is_titled_with_the_headline_and_holds_what_is_published(client, live):
    now = timezone.now()
    Update.objects.create(campaign=live, title="First & best", text="**x** <script>", published_at=now)
    Update.objects.create(campaign=live, title="Draft", text="x")
    Update.objects.create(campaign=live, title="Later", text="x", published_at=now + timedelta(days=1))
    response = client.get(f"/c/{live.slug}/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{atom}title") == live.headline
    assert [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")] == ["First & best"]
    assert "<script>" not in feed.find(f"{atom}entry").findtext(f"{atom}summary")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.fixture
def closed():
    campaign = factories.campaign(status=Status.CLOSED, forecast=7)
    for _ in range(6):
        factories.signature(campaign.petition, name="Quetzal Nameless", address="")
    factories.signature(campaign.petition, country="FR")
    tally.settle_all()
    factories.told(campaign.petition)
    demand = campaign.demands.get()
    response = Response.objects.create(
        campaign=campaign,
        speaker="The minister",
        where="Parliament",
        words="We will publish it.",
        evidence="See *minutes*.",
        demand=demand,
        outcome=Outcome.PROMISED,
    )
    recap = Recap.objects.create(campaign=campaign, text="How it went", published_at=timezone.now())
    post = factories.tweet(campaign.tweet_action, text="A voice of the day")
    RecapEntry.objects.create(recap=recap, position=2, text="Then they spoke", response=response)
    RecapEntry.objects.create(recap=recap, position=1, text="First the day", tweet=post)
    return campaign


def test_the_recap_tells_its_parts_in_their_order(client, closed):
    page = client.get(f"/c/{closed.slug}/recap/").content.decode()
    places = [
        page.index(words)
        for words in ("How it went", "First the day", "A voice of the day", "Then they spoke", "We will publish it.")
    ]
    assert places == sorted(places)
    assert page.count("We will publish it.") == 1
    assert "had said that they would take part." in page


def test_the_recap_stays_when_x_does_not(client, closed):
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        page = client.get(f"/c/{closed.slug}/recap/").content.decode()
    assert "A voice of the day" not in page
    assert "There was a post here. It is gone" in page
    assert "Then they spoke" in page


def test_the_archive_needs_nothing_else_and_names_nobody(closed):
    pack = zipfile.ZipFile(io.BytesIO(archive.build(closed)))
    assert pack.namelist() == ["index.html", "campaign.json", "countries.csv", "tweets-by-hour.csv"]
    page = pack.read("index.html").decode()
    for words in ("We will publish it.", "<em>minutes</em>", "How it went", "<style>", "7"):
        assert words in page
    assert "<link" not in page
    assert "<script" not in page
    assert 'src="' not in page
    data = json.loads(pack.read("campaign.json"))
    assert data["progress"]["signatures"]["confirmed"] == 7
    assert data["responses"][0]["words"] == "We will publish it."
    assert data["forecast"] == 7
    assert pack.read("countries.csv").decode("utf-8-sig").split() == ["country,signatures", "other,7"]
    for file in pack.namelist():
        text = pack.read(file).decode()
        assert "Quetzal" not in text
        assert "A voice of the day" not in text
        assert "@example.org" not in text


def test_the_archive_is_for_staff_and_for_what_is_over(closed, admin, client, live):
    response = admin.get(f"/admin/campaigns/campaign/{closed.pk}/archive/")
    assert response["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(response.content)).testzip() is None
    assert admin.get(f"/admin/campaigns/campaign/{live.pk}/archive/").status_code == 404
    from django.test import Client

    assert Client().get(f"/admin/campaigns/campaign/{closed.pk}/archive/").status_code == 302


@pytest.mark.parametrize("language", ["am", "zh", "EN", "english", "ku"])
def test_a_language_that_nobody_here_has_a_word_for_is_shown_by_its_code(client, kit, live, language):
    SampleTweet.objects.create(action=live.tweet_action, text=f"Say it {language} .{{target}}", language=language)
    with time_machine.travel(kit.embargo_until + timedelta(seconds=1)):
        response = client.get(f"/c/{live.slug}/press/")
    assert response.status_code == 200


def test_signs_that_xml_has_no_place_for_do_not_break_the_feed(client, live):
    Update.objects.create(campaign=live, title="From\x0bslides", text="a\x0bb", published_at=timezone.now())
    response = client.get(f"/c/{live.slug}/feed.atom")
    assert response.status_code == 200
    ElementTree.fromstring(response.content)


def test_the_press_page_says_how_it_stands_and_gives_what_can_be_shown(client, kit, live):
    factories.signatures(live.petition, 7)
    tally.settle_all()
    live.launched_at, kit.embargo_until = timezone.now().replace(year=2026, month=3, day=4), None
    live.save()
    kit.save()
    page = Html(client.get(f"/fr/c/{live.slug}/press/"))
    assert page.one("#release + p time")["datetime"].startswith("2026-03-04")
    assert "7" in page.one(".meter [data-figure='signatures.confirmed']").text
    assert f"/fr/c/{live.slug}/progress.pdf" in page.values("a", "href")
    card, form = page.one("#code").text, page.one("#code-form").text
    assert f'src="http://testserver/fr/c/{live.slug}/embed/"' in card
    assert f'src="http://testserver/fr/c/{live.slug}/embed/?form=1"' in form
    assert card.endswith('<script src="http://testserver/static/js/embed.js" async></script>')
    copied = page.values("[data-copy]", "data-copy")
    assert copied[:3] == ["release-text", "facts-text", "code"] and all(page.find(f"#{name}") for name in copied)


def test_what_was_embargoed_was_released_when_that_ended(client, kit, live):
    kit.embargo_until = timezone.now().replace(year=2026, month=2, day=3)
    kit.save()
    assert Html(client.get(f"/c/{live.slug}/press/")).one("#release + p time")["datetime"].startswith("2026-02-03")
