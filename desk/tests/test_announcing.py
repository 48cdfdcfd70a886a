"""Asking for pledges and archiving are steps as going live is: what is lacking, what is fixed from then on, and one button."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import closing, launching, readiness
from campaigns.models import Campaign, Recap, Status, Update
from desk.tests.test_campaign_page import change, close, go_live
from desk.tests.test_going_live import moderator, place
from tests import factories
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db
TICKS = {"safety": "on"}


@pytest.fixture
def draft():
    made = factories.campaign(status=Status.DRAFT, launched_at=None, pledge_threshold=5)
    factories.day_of_action(made)
    return made


@pytest.fixture
def announced():
    return factories.campaign(status=Status.INTEREST, launched_at=None, pledge_threshold=5)


def status(campaign):
    return Campaign.objects.get(pk=campaign.pk).status


def offered(client, campaign):
    return [
        link.split("/")[-2]
        for link in Html(client.get(change(campaign))).values("a", "href")
        if link.startswith(f"/admin/campaigns/campaign/{campaign.pk}/")
    ]


def test_with_all_that_pledging_needs_it_is_announced_and_stays_unlaunched(staff, draft, client):
    page = Html(staff.get(place(draft, "announce")))
    keys = [item["id"] for item in page.find(".checklist li")]
    assert keys == ["headline", "organiser", "contact", "threshold", "moments", "languages", "safety", "mail"]
    assert page.values(".checklist [type=checkbox]", "name") == ["safety"]
    assert draft.slug in page.text
    assert "Nobody signs or posts yet" in page.text
    answer = staff.post(place(draft, "announce"), form_of(page) | TICKS)
    assert (answer.status_code, answer.headers["Location"]) == (302, change(draft))
    draft.refresh_from_db()
    assert (draft.status, draft.launched_at) == (Status.INTEREST, None)
    assert Html(client.get(draft.get_absolute_url())).find("#pledge_email")
    entry = LogEntry.objects.get()
    assert "status: interest" in entry.change_message
    assert "without safety" in entry.change_message
    assert draft.history.first().history_user.email == "staff@example.org"


@pytest.mark.requirement("A29")
@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"organiser": " "}, "organiser"),
        ({"pledge_threshold": None}, "threshold"),
        ({"headline": " "}, "headline"),
    ],
)
def test_what_is_required_is_refused_whatever_is_ticked(staff, draft, fields, key):
    Campaign.objects.update(**fields)
    answer = staff.post(place(draft, "announce"), TICKS | {key: "on"})
    assert answer.status_code == 422
    page = Html(answer)
    assert page.one(f"#{key}")["class"] == "lacking"
    place_of_it = page.one(f"#{key} a")["href"].partition("#")
    assert Html(staff.get(place_of_it[0])).find(f"#{place_of_it[2]}")
    assert not page.find(".outcry-step button")
    with pytest.raises(launching.NotReady):
        launching.announce(draft.pk, {"safety", key})
    assert status(draft) == Status.DRAFT


def test_a_hashtag_that_is_kept_back_is_not_told_by_the_headline(staff, draft):
    draft.tweet_action.hashtag_from = timezone.now() + timedelta(days=1)
    draft.tweet_action.save()
    assert staff.post(place(draft, "announce"), TICKS).status_code == 422
    assert status(draft) == Status.DRAFT


def test_without_an_address_nobody_can_be_asked(staff, draft, settings):
    settings.CONTACT = ""
    assert staff.post(place(draft, "announce"), TICKS).status_code == 422


def test_a_day_that_is_past_is_refused_and_none_at_all_is_a_doubt(staff, draft):
    moment = draft.moments.get()
    moment.starts_at, moment.ends_at = timezone.now() - timedelta(days=3), timezone.now() - timedelta(days=2)
    moment.save()
    assert staff.post(place(draft, "announce"), TICKS | {"moments": "on"}).status_code == 422
    moment.delete()
    assert staff.post(place(draft, "announce"), TICKS).status_code == 422
    assert status(draft) == Status.DRAFT
    assert staff.post(place(draft, "announce"), TICKS | {"moments": "on"}).status_code == 302
    assert status(draft) == Status.INTEREST


def test_each_doubt_wants_a_tick(staff, draft):
    answer = staff.post(place(draft, "announce"), {})
    assert answer.status_code == 422
    assert Html(answer).find("#safety .errorlist")
    assert status(draft) == Status.DRAFT


def test_pressed_twice_it_is_announced_once_and_nothing_else_is(staff, draft, live):
    assert launching.announce(draft.pk, TICKS)
    versions = draft.history.count()
    assert not launching.announce(draft.pk, TICKS)
    assert staff.post(place(draft, "announce"), TICKS).status_code == 302
    assert staff.post(place(live, "announce"), TICKS).status_code == 302
    assert (draft.history.count(), status(live), LogEntry.objects.count()) == (versions, Status.LIVE, 0)


def test_an_announced_campaign_is_made_a_draft_again_and_keeps_its_pledges(staff, announced, client):
    factories.pledge(announced)
    page = Html(staff.get(place(announced, "recall")))
    assert "1 person has pledged" in page.text
    assert status(announced) == Status.INTEREST
    assert staff.post(place(announced, "recall")).status_code == 302
    assert status(announced) == Status.DRAFT
    assert client.get(announced.get_absolute_url()).status_code == 404
    assert announced.pledges.count() == 1
    assert staff.post(f"/admin/campaigns/campaign/{announced.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LogEntry.objects.get().change_message.count("status: draft") == 1


@pytest.mark.requirement("A29")
def test_what_was_live_is_never_made_a_draft(staff, live, announced):
    go_live(staff, announced)
    for campaign in (live, announced):
        assert staff.post(place(campaign, "recall")).status_code == 302
        assert not launching.recall(campaign.pk)
        assert status(campaign) == Status.LIVE


def test_archiving_says_what_nobody_has_seen_and_is_done_once(staff, live):
    close(staff, live)
    Recap.objects.create(campaign=live, text="How it went")
    later = timezone.now() + timedelta(days=3)
    Update.objects.create(campaign=live, title="A plan", text="x", published_at=later)
    page = Html(staff.get(place(live, "put-away")))
    assert [sum(word in line for line in page.texts("dt")) for word in ("recap", "A plan")] == [1, 1]
    assert status(live) == Status.CLOSED
    closed_at = Campaign.objects.get().petition.closes_at
    assert staff.post(place(live, "put-away"), form_of(page)).status_code == 302
    assert (status(live), Campaign.objects.get().petition.closes_at) == (Status.ARCHIVED, closed_at)
    versions = live.history.count()
    staff.post(place(live, "put-away"), form_of(page))
    assert not closing.put_away(live.pk)
    assert (status(live), live.history.count(), LogEntry.objects.count()) == (Status.ARCHIVED, versions, 2)
    staff.post(place(live, "put-away"), form_of(staff.get(place(live, "put-away"))))
    assert status(live) == Status.CLOSED
    assert not closing.take_out(live.pk)


def test_what_is_not_over_is_not_archived(staff, live, draft, announced):
    for campaign in (live, draft, announced):
        before = status(campaign)
        assert staff.post(place(campaign, "put-away")).status_code == 302
        assert not closing.put_away(campaign.pk)
        assert status(campaign) == before


def test_each_status_offers_the_steps_that_lead_on(staff, draft, announced, live):
    closed, away = (factories.campaign(status=end) for end in (Status.CLOSED, Status.ARCHIVED))
    every = {"announce", "live", "recall", "close", "put-away"}
    may = {
        draft: {"announce", "live"},
        announced: {"live", "recall", "close"},
        live: {"close"},
        closed: {"live", "put-away"},
        away: {"live", "put-away"},
    }
    browser = moderator()
    for campaign, steps in may.items():
        assert every & set(offered(staff, campaign)) == steps, campaign.status
        assert not every & set(offered(browser, campaign))
    for verb in ("announce", "recall", "put-away"):
        for method in (browser.get, browser.post):
            assert method(place(draft, verb)).status_code == 403


def test_the_steps_ask_little_of_the_database(staff, draft, announced):
    closed = factories.campaign(status=Status.CLOSED)
    for page in (place(draft, "announce"), place(announced, "recall"), place(closed, "put-away")):
        staff.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(page).status_code == 200
        assert len(asked) < 25, [query["sql"] for query in asked]


def test_going_live_still_asks_for_all_the_rest(draft):
    required = {item.key for item in readiness.checklist(Campaign.objects.whole().get()) if item.is_required}
    assert {"petition", "demands", "target"} <= required
