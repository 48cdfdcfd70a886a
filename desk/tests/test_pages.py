"""Each page of a campaign is small, however much the campaign has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Contamination, SampleTweet, Tweet
from campaigns.models import (
    Campaign,
    Demand,
    KeyMoment,
    PressImage,
    PressKit,
    Recap,
    RecapEntry,
    Response,
    Source,
    Update,
)
from desk.head import PAGES
from desk.tests.test_campaign_page import page_of, place, save
from tests import factories, world
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db
QUERIES, BYTES, FIELDS = 25, 150_000, 120
SMALL = [
    "change",
    "petition",
    "action",
    "target",
    "texts",
    "parts",
    "x",
    "timeline",
    "afterwards",
    "press",
    "safety",
    "moment",
    "update",
    "response",
    "recap",
]


# Of what a campaign has many of one; and of what it has once, with parts of its own.
PARTS = {
    "a moment": lambda live: page_of(live.moments.first()),
    "a mailed update": lambda live: page_of(live.updates.first()),
    "a response": lambda live: page_of(live.responses.first()),
    "the recap with its entries": lambda live: page_of(live.recap),
    "the press kit with its pictures": lambda live: page_of(live.press_kit),
}


def fill(campaign, number):
    """So many rows of each kind that a campaign has."""
    now, action = timezone.now(), campaign.tweet_action
    Demand.objects.bulk_create(Demand(campaign=campaign, title=f"Demand {n}") for n in range(number))
    KeyMoment.objects.bulk_create(KeyMoment(campaign=campaign, title=f"Day {n}", starts_at=now) for n in range(number))
    Update.objects.bulk_create(
        Update(campaign=campaign, title=f"News {n}", text="x" * 500, published_at=now) for n in range(number)
    )
    demand = campaign.demands.first()
    said = {"campaign": campaign, "where": "x", "words": "x" * 500, "demand": demand, "outcome": "promised"}
    answers = Response.objects.bulk_create(Response(**said, speaker=f"Minister {n}") for n in range(number))
    Source.objects.bulk_create(Source(campaign=campaign, word=f"word-{number}-{n}") for n in range(number))
    kit, recap = (model.objects.get_or_create(campaign=campaign)[0] for model in (PressKit, Recap))
    RecapEntry.objects.bulk_create(RecapEntry(recap=recap, position=n, response=one) for n, one in enumerate(answers))
    PressImage.objects.bulk_create(
        PressImage(kit=kit, content=b"x", width=1, height=1, alt="x", credit="x") for _ in range(number)
    )
    SampleTweet.objects.bulk_create(SampleTweet(action=action, text=f"{number} of {n}") for n in range(number))
    Contamination.objects.bulk_create(
        Contamination(action=action, start=now, end=now + timezone.timedelta(hours=1), reason="x")
        for _ in range(number)
    )
    posts = {"action": action, "posted_at": now, "text": "x" * 200}
    first = (Tweet.objects.count() + 1) * 1000
    Tweet.objects.bulk_create(
        Tweet(
            **posts, post_id=first + n, root_id=first + n, kind=kind, target=action.target if kind == "target" else None
        )
        for n, kind in enumerate(["target", "matching"] * number)
    )


@pytest.mark.parametrize("name", [*SMALL, *PARTS])
def test_a_page_is_small_whatever_the_campaign_has(staff, live, name, content_types):
    asked = []
    for number in (3, 27, 270):
        fill(live, number)
        where = PARTS[name](live) if name in PARTS else place(live, name)
        with CaptureQueriesContext(connection) as captured:
            answer = staff.get(where)
        assert answer.status_code == 200
        assert len(answer.content) < BYTES
        assert len(Html(answer).find("input, select, textarea")) < FIELDS
        asked.append(len(captured))
    assert max(asked) < QUERIES


@pytest.mark.parametrize("name", ["change", "petition", "press", "safety", "moment", "update", "response", "recap"])
def test_a_draft_that_lacks_everything_has_pages_with_a_way_to_save(staff, name):
    bare = Campaign.objects.create(slug="bare", headline="Bare", goal_statement="x", organiser="x")
    page = staff.get(place(bare, name))
    assert page.status_code == 200
    assert Html(page).find("button[name=_save]")


def test_rows_of_the_second_page_are_saved_whatever_others_do_meanwhile(staff, live):
    for number in range(20):
        live.sources.create(word=f"word-{number:02}", note="old")
    second = place(live, "press") + "?sources-page=2"
    form = form_of(staff.get(second))
    shown = [form[f"sources-{number}-word"] for number in range(8)]
    assert shown == [f"word-{number:02}" for number in range(8, 16)]
    live.sources.filter(word__in=["word-00", "word-15"]).delete()
    save(staff, second, form | {"sources-0-note": "new", "sources-1-DELETE": "on", "sources-1-note": "old"})
    assert live.sources.get(word="word-08").note == "new"
    assert live.sources.count() == 17
    assert not live.sources.filter(word__in=["word-00", "word-09", "word-15"]).exists()


def test_what_is_wrong_on_the_second_page_is_said_there_and_checked_against_all_rows(staff, live):
    for number in range(12):
        live.sources.create(word=f"word-{number:02}")
    second = place(live, "press") + "?sources-page=2"
    response = staff.post(second, form_of(staff.get(second)) | {"sources-0-word": "word-01"})
    assert response.status_code == 200
    again = form_of(response)
    assert [again[f"sources-{number}-word"] for number in range(4)] == ["word-01", "word-09", "word-10", "word-11"]
    save(staff, second, again | {"sources-0-word": "other"})
    assert live.sources.filter(word="other").count() == 1 and live.sources.count() == 12


def test_choices_are_found_within_the_campaign_and_nothing_else_is_taken(staff, live):
    mine, theirs = (one.demands.create(title="Publish it all", position=2) for one in (live, factories.campaign()))
    question = "/admin/autocomplete/?app_label=campaigns&model_name=response&field_name=demand&term=publish it all"
    found = staff.get(f"{question}&campaign={live.pk}").json()["results"]
    assert [row["id"] for row in found] == [str(mine.pk)]
    widget = Html(staff.get(place(live, "response"))).one("#id_demand")
    assert widget["data-ajax--url"] == f"/admin/autocomplete/?campaign={live.pk}"
    said = {"speaker": "x", "where": "x", "words": "x", "outcome": "met", "demand": str(theirs.pk)}
    answer = staff.post(place(live, "response"), form_of(staff.get(place(live, "response"))) | said)
    assert answer.status_code == 200
    assert not live.responses.exists()
    save(staff, place(live, "response"), form_of(answer) | {"demand": str(mine.pk)})
    assert live.responses.get().demand == mine


def test_long_lists_come_in_pages(staff, live):
    fill(live, 40)
    for name, query in (("timeline", "moments"), ("timeline", "updates"), ("afterwards", "responses")):
        seen = [
            Html(staff.get(f"{place(live, name)}?{query}={page}")).values(f"#{query} li a", "href")
            for page in (1, 2, 3)
        ]
        assert [len(links) for links in seen] == [15, 15, 10]
        assert len({link for links in seen for link in links}) == 40
        assert Html(staff.get(f"{place(live, name)}?{query}=x")).values(f"#{query} li a", "href") == seen[0]


def test_readers_look_at_every_page_and_save_none(live):
    browser = world.browsers("moderator")["moderator"]
    for name in PAGES:
        answer = browser.get(place(live, name))
        assert answer.status_code == (403 if name in ("languages", "switches") else 200), name
        if answer.status_code == 200:
            assert 'name="_save"' not in answer.content.decode(), name
            before = contents(live)
            assert browser.post(place(live, name), {"_save": "1", "accent": "plum"}).status_code in (200, 403, 405), (
                name
            )
            assert contents(live) == before


def contents(campaign):
    return Campaign.objects.filter(pk=campaign.pk).values().get()


def test_a_draft_says_what_it_lacks_and_links_to_where_that_is(staff):
    draft = factories.campaign(status="draft", launched_at=None, organiser="")
    draft.demands.all().delete()
    head = Html(staff.get(place(draft, "timeline"))).one(".outcry-head")
    assert "2 things are missing before it can go live:" in head.text
    assert {place(draft, "change") + "#demands-group", place(draft, "change") + "#id_organiser"} <= set(
        head.values("a", "href")
    )
    assert place(draft, "live") in head.values("a", "href")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_leads_to_all_the_others_and_marks_itself(staff, live, name):
    page = Html(staff.get(place(live, name)))
    assert page.values(".outcry-pages a", "href") == [place(live, one) for one in PAGES]
    assert page.one(".outcry-pages [aria-current]")["href"] == place(live, name)
