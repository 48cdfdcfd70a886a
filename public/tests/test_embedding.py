"""The campaign on other sites and for programs: embed, oEmbed, JSON, sitemap."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from campaigns.models import Response, Status
from petitions import tally
from tests import factories
from tests.html import Html

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


def ask(client, address, **more):
    return client.get("/oembed", {"url": address} | more)


def test_oembed_answers_for_the_urls_of_a_campaign(client, live):
    answer = ask(client, f"http://testserver/fr/c/{live.slug}/progress/").json()
    assert (answer["type"], answer["version"], answer["title"]) == ("rich", "1.0", live.headline)
    assert f'src="http://testserver/fr/c/{live.slug}/embed/"' in answer["html"]
    assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
    narrow = ask(client, f"http://testserver/c/{live.slug}/", maxwidth="300", maxheight="x").json()
    assert (narrow["width"], narrow["height"]) == (300, 420)
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
    response = client.get("/sitemap.xml", HTTP_HOST="testserver")
    places = [
        element.text for element in ElementTree.fromstring(response.content).iter() if element.tag.endswith("}loc")
    ]
    assert set(places) == {f"http://testserver{prefix}/c/{live.slug}/" for prefix in ("", "/ar", "/fr", "/es")}
    assert not response.cookies
