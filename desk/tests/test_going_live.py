"""Going live and closing are steps: a checklist, one button, and what is left unpublished."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import closing, launching
from campaigns.models import Campaign, PressKit, Recap, Status, Update
from desk.tests.test_campaign_page import change, close, go_live, read_terms
from tests import factories
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
TICKS = dict.fromkeys(("samples", "x", "safety"), "on")


@pytest.fixture
def draft():
    return factories.campaign(status=Status.DRAFT, launched_at=None)


def place(campaign, step="live"):
    return f"/admin/campaigns/campaign/{campaign.pk}/{step}/"


def moderator():
    return logged_in(make_staff("moderator@example.org", superuser=False, groups=[Group.objects.get(name="moderator")]))


def state(campaign):
    fresh = Campaign.objects.whole().get(pk=campaign.pk)
    return (
        fresh.status,
        fresh.launched_at is not None,
        fresh.tweet_action is not None and fresh.tweet_action.is_tracking,
    )


def test_the_checklist_says_what_is_there_and_where_the_rest_is_mended(staff, draft):
    draft.demands.all().delete()
    page = Html(staff.get(place(draft)))
    assert page.one("#petition")["class"] == "met"
    assert page.one("#demands")["class"] == "lacking"
    assert page.one("#samples")["class"] == "doubt"
    assert page.one("#demands a")["href"] == f"{change(draft)}#demands-group"
    assert page.one("#safety a")["href"] == f"{place(draft, 'safety')}#id_safety"
    for link in page.values(".checklist a", "href"):
        where, _, anchor = link.partition("#")
        assert Html(staff.get(where)).find(f"#{anchor}"), link
    assert not page.find(".outcry-step button")
    assert "The button appears here" in page.text


def test_with_all_that_is_required_and_a_tick_for_each_doubt_it_goes_live(staff, draft, client):
    assert client.get(draft.get_absolute_url()).status_code == 404
    read_terms(staff, draft)
    page = Html(staff.get(place(draft)))
    assert page.values(".checklist [type=checkbox]", "name") == list(TICKS)
    assert draft.slug in page.text
    answer = staff.post(place(draft), form_of(page) | TICKS)
    assert (answer.status_code, answer.headers["Location"]) == (302, change(draft))
    assert state(draft) == (Status.LIVE, True, True)
    assert client.get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("left_out", TICKS)
def test_without_a_tick_nothing_changes(staff, draft, left_out):
    answer = staff.post(place(draft), {key: value for key, value in TICKS.items() if key != left_out})
    assert answer.status_code == 422
    assert Html(answer).find(f"#{left_out} .errorlist")
    assert state(draft) == (Status.DRAFT, False, False)


@pytest.mark.requirement("A29")
def test_an_empty_campaign_is_refused_whatever_is_ticked(staff):
    empty = Campaign.objects.create(slug="empty", headline="Empty", goal_statement="x", organiser="x")
    answer = staff.post(place(empty), TICKS | {"action": "on", "petition": "on", "demands": "on"})
    assert answer.status_code == 422
    assert Html(answer).one("#petition")["class"] == "lacking"
    assert state(empty) == (Status.DRAFT, False, False)
    assert staff.post(f"/admin/campaigns/campaign/{empty.pk}/delete/", {"post": "yes"}).status_code == 302


def test_pressed_twice_it_went_live_once_and_the_history_says_who(staff, draft):
    before = draft.history.count()
    go_live(staff, draft)
    first = draft.launched_at
    versions = draft.history.count()
    assert versions == before + 1
    assert staff.post(place(draft), TICKS).status_code == 302
    assert not launching.launch(draft.pk)
    draft.refresh_from_db()
    assert (draft.launched_at, draft.history.count()) == (first, versions)
    assert draft.history.first().history_user.email == "staff@example.org"
    entry = LogEntry.objects.get()
    assert entry.user.email == "staff@example.org"
    assert all(word in entry.change_message for word in ("status: live", *(f"without {key}" for key in TICKS)))


@pytest.mark.requirement("A29")
def test_what_is_lacking_by_now_is_seen_in_the_moment_of_going_live(draft):
    with pytest.raises(launching.NotReady):
        launching.launch(draft.pk, {"samples"})
    draft.demands.all().delete()
    with pytest.raises(launching.NotReady):
        launching.launch(draft.pk, TICKS)
    assert state(draft) == (Status.DRAFT, False, False)


def test_an_announced_campaign_goes_live_and_keeps_its_forecast(staff):
    announced = factories.campaign(status=Status.INTEREST, launched_at=None, pledge_threshold=1)
    factories.pledge(announced)
    go_live(staff, announced)
    assert (announced.status, announced.forecast) == (Status.LIVE, 1)


def test_closing_says_what_nobody_has_seen_and_then_closes_once(staff, live):
    later = timezone.now() + timedelta(days=3)
    live.tweet_action.hashtag_from = later
    live.tweet_action.save()
    Recap.objects.create(campaign=live, text="How it went")
    PressKit.objects.create(campaign=live, text="x", contact="x", embargo_until=later)
    Update.objects.create(campaign=live, title="A plan", text="x", published_at=later)
    Update.objects.create(campaign=live, title="Old news", text="x", published_at=timezone.now())
    factories.day_of_action(live)
    page = Html(staff.get(place(live, "close")))
    told = page.texts("dt")
    assert [
        sum(word in line for line in told) for word in ("recap", "#OpenThe", "A plan", "press kit", "Everybody")
    ] == [1] * 5
    assert len(told) == 5
    assert page.texts("dd")[0] == "no time was set"
    assert "182 days" in page.text
    assert state(live)[0] == Status.LIVE
    close(staff, live)
    assert state(live) == (Status.CLOSED, True, False)
    versions = live.history.count()
    assert staff.post(place(live, "close")).status_code == 302
    assert not closing.close(live.pk)
    assert (live.history.count(), LogEntry.objects.count()) == (versions, 1)
    assert live.history.first().history_user.email == "staff@example.org"


def test_closing_with_all_of_it_published(staff, live):
    Recap.objects.create(campaign=live, text="How it went", published_at=timezone.now())
    assert "everybody can see all of it" in Html(staff.get(place(live, "close"))).text


def test_a_draft_is_not_closed(staff, draft):
    for method in (staff.get, staff.post):
        assert method(place(draft, "close")).status_code == 302
    assert state(draft)[0] == Status.DRAFT


def test_a_closed_campaign_is_opened_again(staff, live):
    close(staff, live)
    assert "Open it again" in Html(staff.get(change(live))).one(".outcry-head").text
    go_live(staff, live)
    live.petition.refresh_from_db()
    assert live.petition.is_open
    assert state(live) == (Status.LIVE, True, True)


def test_both_steps_are_offered_to_those_who_may(staff, draft, live):
    browser = moderator()
    for campaign, step, other in ((draft, "live", "close"), (live, "close", "live")):
        shown = Html(staff.get(change(campaign))).values(".outcry-head a", "href")
        assert place(campaign, step) in shown
        assert place(campaign, other) not in shown
        shown = Html(browser.get(change(campaign))).values(".outcry-head a", "href")
        assert place(campaign, step) not in shown
        for method in (browser.get, browser.post):
            assert method(place(campaign, step), TICKS).status_code == 403
    assert (state(draft)[0], state(live)[0]) == (Status.DRAFT, Status.LIVE)


def test_a_step_asks_little_of_the_database(staff, draft, live):
    for page in (place(draft), place(live, "close")):
        staff.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert staff.get(page).status_code == 200
        assert len(asked) < 25, [query["sql"] for query in asked]
