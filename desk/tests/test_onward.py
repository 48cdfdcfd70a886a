"""A draft is made from page to page: several parts and demands at once, and saving leads on to the next page."""

import pytest

from actions.models import SamplePart, SampleTweet
from campaigns.models import Campaign, Demand, KeyMoment
from desk.onward import ORDER
from desk.tests.test_campaign_page import ADD, added, change, place, save, whole
from tests import factories
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db
OPENINGS = "What is in it?\n\n We drink this. \r\nFish die.\nWhat is in it?"
ASKS = "Publish it .{target} #River\nOpen it, please, .{target} #River"


@pytest.fixture
def draft():
    return factories.campaign(status="draft", launched_at=None)


def buttons(page):
    return Html(page).values("button[type=submit]", "name")


def when(day, **fields):
    return {"starts_at_0": f"2027-05-{day:02}", "starts_at_1": "12:00:00"} | fields


def test_a_save_leads_on_from_page_to_page_until_it_goes_live(staff, draft):
    fields = {"moment": when(3, title="We ask")}
    for page, following in zip(ORDER[:-1], ORDER[1:], strict=True):
        where = place(draft, page) + ("?language=es" if page == "languages" else "")
        shown = staff.get(where)
        assert "_onward" in buttons(shown), page
        typed = form_of(shown) | fields.get(page, {})
        answer = staff.post(where, typed | {"_onward": "1"})
        assert answer.get("Location") == place(draft, following), page
    assert staff.get(place(draft, "live")).status_code == 200


@pytest.mark.parametrize("page", ["change", "petition", "parts", "languages"])
def test_what_is_public_has_no_next_page_and_neither_has_a_plain_save(staff, live, draft, page):
    where = place(live, page) + ("?language=es" if page == "languages" else "")
    assert "_onward" not in buttons(staff.get(where))
    where = place(draft, page)
    if page != "languages":
        answer = staff.post(where, form_of(staff.get(where)))
        assert answer["Location"] == where


@pytest.mark.parametrize("page", ["press", "update", "recap"])
def test_what_comes_later_leads_nowhere(staff, draft, page):
    assert "_onward" not in buttons(staff.get(place(draft, page)))


def test_moments_are_added_one_after_the_other(staff, draft):
    where = place(draft, "moment")
    for day in (3, 4):
        shown = staff.get(where)
        assert "_addanother" in buttons(shown)
        answer = staff.post(where, form_of(shown) | when(day, title=f"Day {day}", _addanother="1"))
        assert answer["Location"] == where
    assert list(draft.moments.order_by("-pk").values_list("title", flat=True)[:2]) == ["Day 4", "Day 3"]
    twice = form_of(staff.get(where)) | when(4, title="Day 4", _addanother="1")
    save(staff, where, twice)
    assert KeyMoment.objects.filter(title="Day 4").count() == 1
    assert "_addanother" not in buttons(staff.get(place(draft, "update")))


def test_several_parts_are_pasted_at_once_and_what_is_there_already_stays(staff, draft):
    where = place(draft, "parts")
    there = draft.tweet_action.parts.create(kind="opening", language="en", text="Fish die.")
    form = form_of(staff.get(where))
    assert (form["language"], form["opening"]) == ("en", "")
    added(form, "parts", kind="ask", language="en", text="Open it, please, .{target} #River")
    save(staff, where, form | {"opening": OPENINGS, "ask": ASKS})
    parts = list(SamplePart.objects.order_by("pk").values_list("kind", "text"))
    assert parts[0] == ("opening", there.text)
    assert sorted(parts[1:]) == [
        ("ask", "Open it, please, .{target} #River"),
        ("ask", "Publish it .{target} #River"),
        ("opening", "We drink this."),
        ("opening", "What is in it?"),
    ]
    assert SampleTweet.objects.filter(is_combined=True).count() == 6
    assert {part.history.get().history_user.email for part in SamplePart.objects.exclude(pk=there.pk)} == {
        "staff@example.org"
    }
    assert form_of(staff.get(where))["opening"] == ""
    save(staff, where, form_of(staff.get(where)) | {"language": "es", "opening": "¿Qué bebemos?"})
    assert SamplePart.objects.get(language="es").text == "¿Qué bebemos?"


def test_a_pasted_part_that_is_too_long_is_said_at_its_field_and_none_is_stored(staff, draft):
    where = place(draft, "parts")
    answer = staff.post(where, form_of(staff.get(where)) | {"opening": OPENINGS, "fact": "It is so.\n" + "x" * 281})
    assert [link["href"] for link in Html(answer).find(".outcry-errors a")] == ["#id_fact"]
    assert form_of(answer)["opening"].startswith("What is in it?")
    assert not SamplePart.objects.exists()


def test_each_line_is_a_demand(staff):
    save(staff, ADD, whole(staff, **{"demand-title": "Publish the report\n\n  Say when \r\n"}))
    assert list(Demand.objects.values_list("position", "title")) == [(1, "Publish the report"), (2, "Say when")]
    refused = staff.post(ADD, whole(staff, slug="other", **{"demand-title": "Short\n" + "x" * 201}))
    assert [link["href"] for link in Html(refused).find(".outcry-errors a")] == ["#id_demand-title"]
    assert form_of(refused)["demand-title"].startswith("Short")
    assert Campaign.objects.count() == 1
    assert "_onward" in buttons(staff.get(change(Campaign.objects.get())))
