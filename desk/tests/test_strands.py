"""Petition, tweet action, target, samples and parts: each on a page of its own."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import SamplePart, SampleTweet, Target
from campaigns.models import Campaign
from desk.tests.test_campaign_page import added, confirm, save
from petitions.models import Petition
from tests import factories
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
PAGES = ("petition", "action", "target", "texts", "parts")
WORDS = [
    "river",
    "report",
    "water",
    "fish",
    "bank",
    "council",
    "people",
    "night",
    "morning",
    "ink",
    "paper",
    "bridge",
    "boat",
    "rain",
    "stone",
]


def at(campaign, page):
    return f"/admin/campaigns/campaign/{campaign.pk}/{page}/"


def row(kind, number):
    """A text that is like no other one."""
    words = " ".join(f"{word}{number}" for word in WORDS[: 5 + number % 3])
    return kind(text=f"{words} .{{target}} #River", language="en")


@pytest.fixture
def empty():
    return factories.campaign(petition=None, tweet_action=None, status="draft", launched_at=None)


def test_a_petition_is_made_and_edited_on_its_page(staff, empty):
    form = form_of(staff.get(at(empty, "petition"))) | {"title": "The petition", "text": "Publish it."}
    save(staff, at(empty, "petition"), form)
    petition = Campaign.objects.get(pk=empty.pk).petition
    assert (petition.title, petition.text) == ("The petition", "Publish it.")
    save(staff, at(empty, "petition"), form_of(staff.get(at(empty, "petition"))) | {"title": "Another"})
    petition.refresh_from_db()
    assert (petition.title, Petition.objects.count()) == ("Another", 1)
    assert [entry.history_type for entry in petition.history.all()] == ["~", "+"]


def test_two_people_can_not_both_make_the_petition(staff, empty):
    form = form_of(staff.get(at(empty, "petition")))
    save(staff, at(empty, "petition"), form | {"title": "First", "text": "x"})
    response = staff.post(at(empty, "petition"), form | {"title": "Second", "text": "x"})
    assert "Meanwhile, somebody else has changed this to “First”. Save again to keep yours." in errors_of(response)
    assert Petition.objects.get().title == "First"


def test_what_was_signed_stays_as_it_was(staff, live):
    factories.signature(live.petition)
    form = form_of(staff.get(at(live, "petition")))
    assert "text" not in form
    save(staff, at(live, "petition"), form | {"text": "Something else"})
    live.petition.refresh_from_db()
    assert live.petition.text == "Publish it."


def test_an_action_and_its_target_are_made_one_after_the_other(staff, empty):
    assert staff.get(at(empty, "texts")).status_code == staff.get(at(empty, "target")).status_code == 302
    form = form_of(staff.get(at(empty, "action"))) | {"hashtag": " #River", "budget": "21"}
    save(staff, at(empty, "action"), form)
    action = Campaign.objects.get(pk=empty.pk).tweet_action
    assert (action.hashtag, action.query, action.terms_wanted) == ("River", "#River -is:retweet", True)
    form = form_of(staff.get(at(empty, "target")))
    typed = {
        "name": "Council",
        "x_handle": "https://x.com/xmpl_council",
        "bluesky_handle": "@council.example",
        "threads_handle": "@xmpl.council",
        "mastodon_handle": "@council@social.example",
        "reason": "It decides.",
    }
    save(staff, at(empty, "target"), form | typed)
    target = Campaign.objects.get(pk=empty.pk).target
    handles = (target.x_handle, target.bluesky_handle, target.threads_handle, target.mastodon_handle)
    assert handles == ("xmpl_council", "council.example", "xmpl.council", "council@social.example")
    action.refresh_from_db()
    assert action.query == "#River @xmpl_council -is:retweet"
    assert [entry.history_type for entry in target.history.all()] == ["+"]


def test_a_target_that_is_there_is_chosen_for_an_action(staff, empty):
    council, mayor = factories.target(x_handle="xmpl_council"), factories.target(x_handle="xmpl_mayor")
    form = form_of(staff.get(at(empty, "action"))) | {"hashtag": "River", "target": council.pk, "budget": "21"}
    save(staff, at(empty, "action"), form | {"more_targets": [mayor.pk]})
    action = Campaign.objects.get(pk=empty.pk).tweet_action
    assert action.targets == [council, mayor]
    assert action.query == "#River (@xmpl_council OR @xmpl_mayor) -is:retweet"


@pytest.mark.parametrize(
    ("page", "field", "value", "message"),
    [
        ("action", "query", "#River", "Please keep -is:retweet"),
        ("action", "hashtag", "#River!", "without #"),
        ("target", "reason", "", "required"),
        ("target", "x_handle", "@m-n", "without @"),
        ("petition", "title", "", "required"),
        ("texts", "samples-0-text", "漢" * 141, "X counts 282 of at most 280"),
        ("texts", "samples-0-text", "a" * 270, "With the campaign's address X counts 294"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_listed(staff, live, page, field, value, message):
    form = form_of(staff.get(at(live, page))) | {field: value}
    response = staff.post(at(live, page), form)
    assert response.status_code == 200
    assert message in Html(response).one(".outcry-errors").text
    assert message in Html(response).one(f".field-{field.rpartition('-')[2]}:has([name='{field}'])").text
    assert form_of(response)[field].strip("#@ ") == value.strip("#@ ")


def test_samples_are_compared_with_those_of_every_page(staff, live):
    SampleTweet.objects.bulk_create(
        SampleTweet(action=live.tweet_action, text=row(SampleTweet, number).text) for number in range(40)
    )
    last = live.tweet_action.samples.last()
    form = form_of(staff.get(at(live, "texts")))
    assert last.text not in form.values()
    added(form, "samples", text=last.text + " now", language="en", is_offered="on", has_link="on")
    assert "say nearly the same" in Html(staff.post(at(live, "texts"), form)).text
    SamplePart.objects.bulk_create(
        SamplePart(action=live.tweet_action, kind="ask", text=f"Ask {number}") for number in range(30)
    )
    form = form_of(staff.get(at(live, "parts")))
    form["parts-0-text"] = "Ask 29"
    assert "Two parts say the same." in Html(staff.post(at(live, "parts"), form)).text


def test_the_rows_of_another_page_are_saved_though_others_have_come_before_them(staff, live):
    SampleTweet.objects.bulk_create(
        SampleTweet(action=live.tweet_action, text=row(SampleTweet, number).text) for number in range(40)
    )
    where = f"{at(live, 'texts')}?samples-page=2"
    form = form_of(staff.get(where))
    edited = SampleTweet.objects.get(pk=form["samples-0-id"])
    live.tweet_action.samples.filter(pk__lt=edited.pk).first().delete()
    save(staff, where, form | {"samples-0-text": "Changed .{target} #River"})
    edited.refresh_from_db()
    assert edited.text == "Changed .{target} #River"
    assert live.tweet_action.samples.count() == 40


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_small_however_many_rows_there_are(staff, live, page):
    for number in (3, 30, 300):
        live.tweet_action.samples.all().delete()
        live.tweet_action.parts.all().delete()
        SampleTweet.objects.bulk_create(
            SampleTweet(action=live.tweet_action, text=row(SampleTweet, one).text) for one in range(number)
        )
        SamplePart.objects.bulk_create(
            SamplePart(action=live.tweet_action, kind="ask", text=row(SamplePart, one).text) for one in range(number)
        )
        live.tweet_action.more_targets.set(factories.target(x_handle=f"office_{one}") for one in range(min(number, 30)))
        with CaptureQueriesContext(connection) as queries:
            shown = staff.get(at(live, page))
        assert len(queries) < 25, (
            number,
            "\n".join(query["sql"][query["sql"].find(" FROM ") :][:150] for query in queries),
        )
        assert len(shown.content) < 150_000, number
        assert len(Html(shown).find("input, select, textarea")) < 120, number


def test_a_save_of_many_rows_asks_the_database_little(staff, live):
    SampleTweet.objects.bulk_create(
        SampleTweet(action=live.tweet_action, text=row(SampleTweet, number).text) for number in range(300)
    )
    form = form_of(staff.get(at(live, "texts"))) | {"samples-3-text": "Changed .{target} #River"}
    with CaptureQueriesContext(connection) as queries:
        save(staff, at(live, "texts"), form)
    assert len(queries) < 60


@pytest.mark.parametrize("page", PAGES)
def test_who_only_looks_at_campaigns_saves_nothing(live, page):
    """A moderator reads these pages."""
    moderator = Group.objects.get(name="moderator")
    reader = logged_in(make_staff("moderator@example.org", superuser=False, groups=[moderator]))
    response = reader.get(at(live, page))
    assert response.status_code == 200
    assert not Html(response).find("[name=_save]")
    assert reader.post(at(live, page), {"title": "x", "hashtag": "x"}).status_code == 403
    assert Target.objects.get().name == "Ministry of Examples"


def test_a_changed_query_is_a_new_version_and_an_unchanged_one_is_none(staff, live):
    where = at(live, "action")
    form = form_of(staff.get(where))
    assert form["query"] == ""
    save(staff, where, form | {"advice": "Stay civil."})
    assert live.tweet_action.queries.count() == 1
    confirm(staff, where, form_of(staff.get(where)) | {"query": "#River  -is:retweet"})
    assert live.tweet_action.query == "#River -is:retweet"
    assert live.tweet_action.queries.count() == 2
    assert live.tweet_action.queries.last().history.first().history_user.email == "staff@example.org"


def test_a_sample_goes_without_the_address_when_staff_say_so(staff, live):
    sample, where = live.tweet_action.samples.get(), at(live, "texts")
    form = form_of(staff.get(where))
    assert form.pop("samples-0-has_link") == "on"
    save(staff, where, form | {"samples-0-text": "a" * 270})
    sample.refresh_from_db()
    assert (sample.text, sample.has_link) == ("a" * 270, False)
    form = form_of(staff.get(where))
    long = {"samples-0-text": "a" * 270, "samples-0-has_link": "on"}
    assert "X counts 294 of at most 280" in Html(staff.post(where, form | long)).text
