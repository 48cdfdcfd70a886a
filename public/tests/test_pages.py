from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import KeyMoment, Recap, Response, Status, Update
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = ["", "progress/", "progress.json", "updates/", "check-mail/", "act/"]


def test_home_lists_what_is_public(client, live):
    draft = factories.campaign(status=Status.DRAFT, headline="A secret draft")
    page = client.get("/").content.decode()
    assert live.get_absolute_url() in page
    assert draft.headline not in page


def test_home_without_campaigns(client):
    assert b"No campaign is public yet." in client.get("/").content


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
