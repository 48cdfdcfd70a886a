"""Whoever has the role press speaks with journalists: the press kit and the updates, and nothing about people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import PressKit, Update
from desk.tests.test_campaign_page import add, added, page_of, place, save
from tests import factories, world
from tests.html import Html, form_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S17")]


@pytest.fixture
def press(live):
    return world.browsers("press")["press"]


def test_press_writes_the_kit_with_its_embargo(press, live):
    later = timezone.now() + timedelta(days=3)
    form = form_of(press.get(place(live, "press")))
    until = {"embargo_until_0": f"{later:%Y-%m-%d}", "embargo_until_1": "10:00:00"}
    added(form, "press_kit", text="Release", facts="", contact="press@example.org", **until)
    save(press, place(live, "press"), form)
    kit = PressKit.objects.get(campaign=live)
    assert kit.is_embargoed
    save(press, page_of(kit), form_of(press.get(page_of(kit))) | {"text": "Another release"})
    kit.refresh_from_db()
    assert kit.text == "Another release"
    was = live.headline
    live.refresh_from_db()
    assert (live.headline, live.status) == (was, "live")


def test_press_writes_updates_and_does_not_mail_them(press, live):
    assert place(live, "update") in Html(press.get(place(live, "timeline"))).values("a[href]", "href")
    later = timezone.now() + timedelta(days=3)
    at = {"published_at_0": f"{later:%Y-%m-%d}", "published_at_1": "10:00:00"}
    add(press, live, "update", title="News", text="Of it", **at)
    update = Update.objects.get(campaign=live)
    assert update.published_at > timezone.now()
    save(press, page_of(update), form_of(press.get(page_of(update))) | {"title": "Other news"})
    update.refresh_from_db()
    assert update.title == "Other news"
    for step in ("mail", "withdraw"):
        assert press.post(page_of(update).replace("change", step), {"do": "begin", "because": "x"}).status_code == 403


def test_press_reads_the_report_and_changes_nothing_else(press, live):
    assert press.get(place(live, "report")).status_code == 200
    row = factories.signature(live.petition)
    places = [f"/admin/petitions/{model}/" for model in ("signature", "export", "voice", "reveal", "alert")]
    places += [f"/admin/petitions/signature/{row.pk}/change/", "/admin/accounts/user/"]
    places += [f"/admin/petitions/petition/{live.petition.pk}/aggregates/"]
    assert {press.get(where).status_code for where in places} == {403}
    for page in ("change", "safety", "petition", "team"):
        form = form_of(press.get(place(live, page)))
        assert press.post(place(live, page), form | {"headline": "x", "title": "x"}).status_code == 403, page
    form = form_of(press.get(place(live, "press")))
    row = {"sources-TOTAL_FORMS": "1", "sources-INITIAL_FORMS": "0", "sources-0-word": "leaflet"}
    press.post(place(live, "press"), form | row)
    assert not live.sources.exists()


def test_press_finds_no_campaign_of_another_team(press, live):
    foreign = factories.campaign()
    foreign.team.clear()
    kit = PressKit.objects.create(campaign=foreign, text="x", contact="x")
    update = Update.objects.create(campaign=foreign, title="x", text="x")
    for where in (place(foreign, "press"), place(foreign, "update"), page_of(kit), page_of(update)):
        assert press.get(where).status_code == 404, where
