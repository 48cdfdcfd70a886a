"""The campaign on other sites and for programs: embed, oEmbed, JSON, sitemap."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from campaigns.models import Response, Status
from petitions import tally
from petitions.models import Signature
from public.sitemap import Pages
from tests import factories
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("A19")
def test_only_the_embed_may_be_framed_and_it_signs_nothing(client, live):
    response = client.get(f"/c/{live.slug}/embed/")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    page = response.content.decode()
    assert "<form" not in page
    assert "<script" not in page
    assert live.headline.split(",")[0] in page
    assert not response.cookies
    for path in ("", "progress/", "act/"):
        other = client.get(f"/c/{live.slug}/{path}")
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", 'class="dark"'), ("light", 'class="light"'), ("x", ""), ("", "")]
)
def test_the_embed_has_a_theme_and_a_language(client, live, theme, shown):
    page = client.get(f"/ar/c/{live.slug}/embed/?theme={theme}").content.decode()
    assert f'<html lang="ar" dir="rtl"{" " + shown if shown else ""}>' in page


@pytest.mark.requirement("A19")
def test_the_embed_with_the_form_sends_it_to_a_tab_of_its_own_with_nothing_filled_in(client, live):
    page = Html(client.get(f"/es/c/{live.slug}/embed/?form=1"))
    form = page.one("form")
    assert (form["action"], form["method"], form["target"]) == (f"/es/c/{live.slug}/sign/", "post", "_blank")
    shown = page.find("form input:not([type=hidden]), form select, form textarea")
    assert len(shown) == 4
    assert not any(field.attributes.get("value") or field.text for field in shown if not field.find("option"))
    assert not any(page.values("form option[selected]", "value"))
    assert not page.find("script")
    sent = form_of(page) | {"name": "Ana", "email": "ana@example.org", "country": "ES"}
    assert client.post(form["action"], sent, HTTP_SEC_FETCH_SITE="same-origin").status_code == 303
    assert Signature.objects.get().source == "embed"
    other = client.get(f"/c/{live.slug}/sign/", follow=True)
    assert other["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("fields", [{"status": Status.CLOSED}, {"petition": None}])
def test_where_nothing_is_signed_the_embed_has_no_form(client, fields):
    campaign = factories.campaign(**fields)
    page = Html(client.get(f"/c/{campaign.slug}/embed/?form=1"))
    assert not page.find("form")
    assert page.find("a.go")


def test_where_no_sources_are_kept_the_embeds_form_tells_none(client):
    campaign = factories.campaign(safety="high")
    assert "source" not in form_of(Html(client.get(f"/c/{campaign.slug}/embed/?form=1")))


def test_oembed_knows_the_card_with_the_form_and_lets_its_frame_send_it(client, live):
    card, form = (ask(client, f"http://testserver/c/{live.slug}/embed/{query}").json() for query in ("", "?form=1"))
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in card["html"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox allow-forms allow-same-origin"' in form["html"]
    assert f'src="http://testserver/c/{live.slug}/embed/?form=1"' in form["html"]
    assert form["height"] > card["height"] + 300
    # A thousand has no comma here.
    assert f'height="{form["height"]}"' in form["html"]
    assert form["height"] > 1_000


def ask(client, address, **more):
    return client.get("/oembed", {"url": address} | more)


def test_oembed_answers_for_the_urls_of_a_campaign(client, live):
    answer = ask(client, f"http://testserver/fr/c/{live.slug}/progress/").json()
    assert (answer["type"], answer["version"], answer["title"]) == ("rich", "1.0", live.headline)
    assert f'src="http://testserver/fr/c/{live.slug}/embed/"' in answer["html"]
    assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
    narrow = ask(client, f"http://testserver/c/{live.slug}/", maxwidth="300", maxheight="x").json()
    assert narrow["width"] == 300
    assert narrow["height"] > answer["height"]
    for few in ("1", "32", "99999"):
        assert 300 < ask(client, f"http://testserver/c/{live.slug}/", maxwidth=few).json()["height"] < 2_000
    low = ask(client, f"http://testserver/c/{live.slug}/", maxheight="300").json()
    assert (low["width"], low["height"]) == (480, 300)
    found = Html(client.get(f"/c/{live.slug}/")).values('link[type="application/json+oembed"]', "href")
    assert found == [f"http://testserver/oembed?url=http%3A%2F%2Ftestserver%2Fc%2F{live.slug}%2F"]


@pytest.mark.parametrize(
    "address",
    [
        "http://testserver/c/{0}",
        "http://testserver/ar/c/{0}",
        "HTTP://testserver/c/{0}/",
        "http://TESTSERVER/c/{0}/",
        "http://TestServer:80/c/{0}",
        "http://testserver/c/{0}/?utm_source=x#sign",
        " http://testserver/c/{0}/ ",
        "http://testserver/c/{0}/progress",
    ],
)
def test_oembed_takes_urls_as_people_paste_them(client, live, address):
    answer = ask(client, address.format(live.slug))
    assert answer.status_code == 200
    assert answer.json()["title"] == live.headline


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://x@testserver/c/{0}/",
        "http://testserver:81/c/{0}/",
        "//testserver/c/{0}/",
        "x",
        "http://evil.example/c/{0}/",
        "http://testserver/",
        "http://testserver/c/nowhere/",
        "http://[",
        "https://testserver/c/{0}/",
        "http://testserver/en/c/{0}/",
    ],
)
def test_oembed_knows_nothing_else(client, live, address):
    assert ask(client, address.format(live.slug)).status_code == 404


def test_oembed_speaks_json_only_and_not_of_drafts(client):
    draft = factories.campaign(status=Status.DRAFT)
    assert ask(client, f"http://testserver/c/{draft.slug}/").status_code == 404
    assert ask(client, "http://testserver/", format="xml").status_code == 501


def test_the_json_that_other_petitions_have(client, live):
    for _ in range(6):
        factories.signature(live.petition)
    factories.signature(live.petition, country="FR")
    tally.settle_all()
    factories.told(live.petition)
    Response.objects.create(
        campaign=live, speaker="M", where="x", words="Yes.", said_at=timezone.now() - timedelta(hours=1)
    )
    response = client.get(f"/petitions/{live.petition.pk}.json")
    assert response["Access-Control-Allow-Origin"] == "*"
    attributes = response.json()["data"]["attributes"]
    assert (attributes["action"], attributes["state"], attributes["signature_count"]) == (
        live.petition.title,
        "open",
        7,
    )
    assert attributes["signatures_by_country"] == [{"name": "other", "code": "", "signature_count": 7}]
    assert attributes["government_response"]["summary"] == "Yes."
    assert client.get(f"/petitions/{live.petition.pk}/count.json").json() == {"signature_count": 7}


@pytest.mark.parametrize("fields", [{"status": Status.DRAFT}])
def test_the_json_of_a_draft_is_not_there(client, fields):
    draft = factories.campaign(**fields)
    assert client.get(f"/petitions/{draft.petition.pk}.json").status_code == 404
    assert client.get(f"/petitions/{draft.petition.pk}/count.json").status_code == 404


def test_the_sitemap_names_public_campaigns_in_every_language(client, live):
    factories.campaign(status=Status.DRAFT, slug="secret")
    assert places(client, "/sitemap.xml") == ["http://testserver/sitemap-campaigns.xml"]
    named = places(client, "/sitemap-campaigns.xml")
    assert set(named) == {f"http://testserver{prefix}/c/{live.slug}/" for prefix in ("", "/ar", "/fr", "/es")}


def test_a_large_sitemap_comes_in_pages(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(Pages, "limit", 10)
    for _ in range(6):
        factories.campaign(tweet_action=None)
    with django_assert_num_queries(1):
        pages = places(client, "/sitemap.xml")
    assert pages == ["http://testserver/sitemap-campaigns.xml"] + [
        f"http://testserver/sitemap-campaigns.xml?p={number}" for number in (2, 3)
    ]
    named = []
    for page in pages:
        with django_assert_num_queries(1):
            named += places(client, page)
    assert len(named) == len(set(named)) == 6 * 4
    assert client.get("/sitemap-campaigns.xml?p=4").status_code == 404
    assert client.get("/sitemap-secret.xml").status_code == 404


def places(client, page):
    response = client.get(page, HTTP_HOST="testserver")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies
    return [element.text for element in ElementTree.fromstring(response.content).iter() if element.tag.endswith("}loc")]
