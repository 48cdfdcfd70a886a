from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import KeyMoment, Recap, Response, Status, Update
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db
PAGES = ["", "progress/", "progress.json", "updates/", "check-mail/", "act/"]


def test_home_lists_what_is_public(client, live):
    draft = factories.campaign(status=Status.DRAFT, headline="A secret draft")
    page = client.get("/").content.decode()
    assert live.get_absolute_url() in page
    assert draft.headline not in page


def test_home_without_campaigns(client):
    assert b"No campaign is public yet." in client.get("/").content


def listed(response):
    """The campaigns on it, from top to bottom."""
    return [place.strip("/").split("/")[-1] for place in Html(response).values(".campaigns h2 a", "href")]


def links(response):
    """To the pages before and after, {relation: address}: the same in the head and below the list."""
    page = Html(response)
    found = [
        {link["rel"]: link["href"] for link in page.find(f"{place}[rel=prev], {place}[rel=next]")}
        for place in ("link", "nav a")
    ]
    assert found[0] == found[1]
    return found[0]


def test_home_lists_those_first_that_can_be_signed(client):
    now = timezone.now()
    for status, days in (("archived", 1), ("closed", 3), ("live", 9), ("live", 4), ("closed", 2)):
        at = now - timedelta(days=days)
        factories.campaign(status=status, slug=f"{status}-{days}", launched_at=at, tweet_action=None)
    factories.campaign(status="interest", slug="interest", launched_at=None, tweet_action=None)
    page = client.get("/")
    assert listed(page) == ["live-4", "live-9", "interest", "closed-2", "closed-3", "archived-1"]
    assert links(page) == {}
    assert "Page" not in Html(page).text


@pytest.fixture
def many(db):
    """45 public campaigns, the newest last."""
    target, begun = factories.target(), timezone.now() - timedelta(days=90)
    for number in range(45):
        factories.campaign(
            slug=f"campaign-{number}",
            launched_at=begun + timedelta(days=number),
            tweet_action=factories.tweet_action(target=target),
        )


def test_home_comes_in_pages_of_twenty(client, many):
    pages = [client.get(address) for address in ("/", "/?page=2", "/?page=3")]
    for page in pages:
        assert page["Cache-Control"] == "public, max-age=3"
        assert not page.cookies
    assert [len(listed(page)) for page in pages] == [20, 20, 5]
    assert sum(map(listed, pages), []) == [f"campaign-{number}" for number in reversed(range(45))]
    assert [links(page) for page in pages] == [
        {"next": "/?page=2"},
        {"prev": "/", "next": "/?page=3"},
        {"prev": "/?page=2"},
    ]
    assert "Page 2 of 3" in Html(pages[1]).text and Html(pages[1]).one("title").text.startswith(
        "Campaigns · Page 2 of 3 ·"
    )


def test_a_page_of_home_is_read_in_other_languages_too(client, many):
    page = client.get("/ar/?page=2")
    assert len(listed(page)) == 20
    assert links(page) == {"prev": "/ar/", "next": "/ar/?page=3"}
    assert Html(page).values("footer nav a[hreflang]", "href") == [
        f"{prefix}/?page=2" for prefix in ("", "/ar", "/fr", "/es")
    ]
    assert "http://testserver/es/?page=2" in Html(page).values("link[rel=alternate]", "href")
    assert Html(client.get("/ar/")).values("footer nav a[hreflang]", "href") == ["/", "/ar/", "/fr/", "/es/"]


@pytest.mark.parametrize("query", ["page=0", "page=01", "page=-1", "page=two", "page=", "page=12345", "x=2"])
def test_home_drops_what_is_no_page(client, many, query):
    assert listed(client.get(f"/?{query}")) == listed(client.get("/"))


def test_a_page_beyond_the_last_is_not_there(client, many):
    assert client.get("/?page=4").status_code == 404
    assert client.get("/?page=2&page=3").status_code == 400


def test_home_asks_as_much_for_twenty_campaigns_of_a_thousand(client, many, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        client.get("/?page=3")
    with django_assert_num_queries(len(asked)):
        client.get("/")


@pytest.fixture
def river(db):
    """One that speaks of a river in English and in Arabic, to an office of its own; a lake; a draft of a river."""
    office = factories.target(name="Water Office", x_handle="xmpl_water")
    campaign = factories.campaign(
        slug="river", headline="Open the River report", tweet_action=factories.tweet_action(target=office)
    )
    campaign.translations.create(language="ar", headline="انشروا تقرير النهر")
    factories.campaign(
        slug="lake",
        headline="Open the lake",
        organiser="River Friends",
        goal_statement="It is public.",
        tweet_action=None,
    )
    factories.campaign(slug="draft", headline="Another river", status=Status.DRAFT, tweet_action=None)
    return campaign


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("report", ["river"]),
        ("RIVER", ["lake", "river"]),
        ("river+open", ["lake", "river"]),
        ("river+report", ["river"]),
        ("%D8%A7%D9%84%D9%86%D9%87%D8%B1", ["river"]),
        ("water", ["river"]),
        ("%40xmpl_water", ["river"]),
        ("friends", ["lake"]),
        ("100%25", []),
        ("_", ["river"]),
        ("sea", []),
        ("", ["lake", "river"]),
        ("+", ["lake", "river"]),
    ],
)
def test_home_finds_campaigns_by_their_words(client, river, words, found):
    assert sorted(listed(client.get(f"/?q={words}"))) == found


def test_what_was_looked_for_stays_in_the_field_and_all_campaigns_are_a_step_away(client, river):
    page = Html(client.get("/?q=%3Cb%3Esea"))
    assert page.one("#q")["value"] == "<b>sea"
    assert "0 campaigns with “<b>sea”" in page.text
    assert "/" in page.values("main p a", "href")
    assert "No campaign is public yet." not in page.text


def test_pages_of_what_was_found_keep_the_words(client, many):
    page = client.get("/?q=xmpl_ministry&page=2")
    assert len(listed(page)) == 20
    assert links(page) == {"prev": "/?q=xmpl_ministry", "next": "/?q=xmpl_ministry&page=3"}
    assert "http://testserver/ar/?q=xmpl_ministry&page=2" in Html(page).values("link[rel=alternate]", "href")
    assert page["Cache-Control"] == "public, max-age=3"


def test_a_few_campaigns_are_looked_over_without_a_search(client, live):
    assert not Html(client.get("/")).find("#q")
    for _ in range(6):
        factories.campaign(tweet_action=None)
    assert Html(client.get("/")).find("#q")


@pytest.mark.parametrize("page", [*PAGES, "recap/", "sign/", "act/go/x/"])
def test_an_unknown_campaign_is_a_page_with_a_way_home(client, page):
    response = client.get(f"/c/nowhere/{page}", follow=True)
    assert response.status_code == 404
    assert b'href="/"' in response.content


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_not_there(client, page):
    draft = factories.campaign(status=Status.DRAFT)
    assert client.get(f"/c/{draft.slug}/{page}").status_code == 404


@pytest.mark.parametrize("status", [Status.INTEREST, Status.LIVE, Status.CLOSED, Status.ARCHIVED])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_every_status(client, status, page):
    campaign = factories.campaign(status=status)
    assert client.get(f"/c/{campaign.slug}/{page}").status_code == 200


@pytest.mark.parametrize("page", ["", "progress/", "progress.json", "updates/", "check-mail/", "act/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_that_only_show_take_no_other_method(client, live, page, method):
    assert getattr(client, method)(f"/c/{live.slug}/{page}").status_code == 405


def test_the_campaign_page_tells_the_whole_story(client, live):
    live.story, live.notice = "**Fish** died.", "All of this is *invented*."
    live.save()
    KeyMoment.objects.create(
        campaign=live, title="The debate", starts_at=timezone.now() + timedelta(days=3), place="Town hall"
    )
    Update.objects.create(campaign=live, title="News", text="We **grow**.", published_at=timezone.now())
    Update.objects.create(campaign=live, title="A draft", text="x")
    Update.objects.create(campaign=live, title="Tomorrow", text="x", published_at=timezone.now() + timedelta(days=1))
    page = client.get(live.get_absolute_url()).content.decode()
    for shown in (
        '<bdi dir="ltr">.@xmpl_ministry</bdi>',
        "Ministry of Examples",
        "It can publish the report.",
        "<strong>Fish</strong> died.",
        "<em>invented</em>",
        "The debate",
        "Town hall",
        "We <strong>grow</strong>.",
        "Publish the report",
        'action="/c/' + live.slug + '/sign/"',
        "Publish it.",
    ):
        assert shown in page, shown
    assert "A draft" not in page
    assert "Tomorrow" not in page


def test_times_are_shown_in_the_campaigns_zone(client, live):
    from datetime import UTC, datetime

    live.time_zone = "Asia/Kolkata"
    live.save()
    KeyMoment.objects.create(campaign=live, title="The debate", starts_at=datetime(2026, 6, 15, 20, 0, tzinfo=UTC))
    assert "16 June 2026, 01:30 IST" in client.get(live.get_absolute_url()).content.decode()


def test_the_recap_is_there_once_it_is_published(client, live):
    assert client.get(f"/c/{live.slug}/recap/").status_code == 404
    recap = Recap.objects.create(
        campaign=live, text="## It **worked**", published_at=timezone.now() + timedelta(days=1)
    )
    assert client.get(f"/c/{live.slug}/recap/").status_code == 404
    recap.published_at = timezone.now()
    recap.save()
    Response.objects.create(campaign=live, speaker="Minister", where="in parliament", words="We publish it.")
    page = client.get(f"/c/{live.slug}/recap/").content.decode()
    assert "<strong>worked</strong>" in page
    assert "We publish it." in page
    assert f'href="/c/{live.slug}/recap/"' in client.get(live.get_absolute_url()).content.decode()


def test_updates(client, live):
    Update.objects.create(campaign=live, title="News", text="x", published_at=timezone.now())
    assert b"News" in client.get(f"/c/{live.slug}/updates/").content


def test_pages_are_public_for_any_cache_and_answer_conditionally(client, live):
    response = client.get(f"/c/{live.slug}/updates/")
    assert response["Cache-Control"] == "public, max-age=3"
    assert client.get(f"/c/{live.slug}/updates/", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_a_broken_page_is_our_fault_and_says_so(client, live, monkeypatch):
    def broken(campaign):
        raise RuntimeError("boom")

    client.raise_request_exception = False
    monkeypatch.setattr("public.views.reading.public_figures", broken)
    response = client.get(live.get_absolute_url())
    assert response.status_code == 500
    assert b"Something broke here" in response.content
    assert b"boom" not in response.content


def test_where_the_petition_has_closed_no_mail_is_promised(client):
    live = factories.campaign(petition=factories.petition(closes_at=timezone.now() - timedelta(hours=1)))
    assert "Signing is closed" in Html(client.get(f"/c/{live.slug}/check-mail/")).one("main").text


@pytest.mark.parametrize("status", [Status.CLOSED, Status.ARCHIVED])
def test_after_the_end_no_page_promises_a_mail_to_whoever_comes_by(client, status):
    over = factories.campaign(status=status)
    for page, heading in (("check-mail/", "Signing is closed"), ("pledged/", "This campaign takes no pledges")):
        answer = client.get(f"/c/{over.slug}/{page}")
        assert (answer.status_code, Html(answer).texts("main h1")) == (200, [heading])
        assert heading in Html(answer).one("title").text
        text = Html(answer).one("main").text
        assert "7 days" in text and "We are sending you" not in text
