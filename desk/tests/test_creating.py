"""A campaign is begun on one short page: petition, target, action, a sample and a demand at once, or as much as is known."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import SampleTweet, Target, TweetAction
from campaigns.models import Campaign, Demand
from desk.creating import NewCampaign
from desk.tests.test_campaign_page import ADD, go_live, read_terms, save, whole
from petitions.models import Petition
from tests import factories
from tests.at_once import at_once
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
PETITION = {"petition-title": "", "petition-text": ""}
ACTION = dict.fromkeys(
    ("tweetaction-hashtag", "target-name", "target-x_handle", "target-reason", "sampletweet-text"), ""
)


def nothing():
    kinds = (Campaign, Petition, TweetAction, Target, SampleTweet, Demand)
    return not any(kind.objects.exists() for kind in kinds)


def test_a_whole_campaign_is_begun_in_one_place_and_goes_live(staff, client):
    response = staff.post(ADD, whole(staff))
    campaign = Campaign.objects.get()
    assert response["Location"] == f"/admin/campaigns/campaign/{campaign.pk}/change/"
    assert (campaign.slug, campaign.status, campaign.launched_at) == ("river", "draft", None)
    assert (campaign.petition.title, campaign.petition.text) == ("The petition", "Publish it.")
    assert (campaign.target.name, campaign.tweet_action.hashtag) == ("Ministry", "River")
    assert campaign.tweet_action.query == "#River @xmpl_ministry -is:retweet"
    assert campaign.tweet_action.terms_wanted
    assert not campaign.tweet_action.is_tracking
    assert SampleTweet.objects.get().action == campaign.tweet_action
    assert Demand.objects.get().campaign == campaign
    assert client.get("/c/river/").status_code == 404
    read_terms(staff, campaign)
    go_live(staff, campaign)
    assert Campaign.objects.get().tweet_action.is_tracking
    page = client.get("/c/river/").content.decode()
    assert "Publish the report" in page
    assert client.get("/c/river/act/").status_code == 200


@pytest.mark.parametrize(
    ("left_out", "parts"),
    [
        (PETITION, (False, True)),
        (ACTION, (True, False)),
        (PETITION | ACTION | {"demand-title": ""}, (False, False)),
    ],
)
def test_petition_and_action_may_each_be_left_out(staff, left_out, parts):
    save(staff, ADD, whole(staff, **left_out))
    campaign = Campaign.objects.get()
    assert (campaign.petition is not None, campaign.tweet_action is not None) == parts
    assert Target.objects.exists() == SampleTweet.objects.exists() == parts[1]
    assert campaign.demands.exists() == ("demand-title" not in left_out)


def test_a_target_that_is_there_is_chosen(staff):
    council = factories.target(name="Council", x_handle="xmpl_council")
    none = {"target-name": "", "target-x_handle": "", "target-reason": ""}
    save(staff, ADD, whole(staff, **none, **{"tweetaction-target": str(council.pk)}))
    assert Campaign.objects.get().target == council
    assert Campaign.objects.get().tweet_action.query == "#River @xmpl_council -is:retweet"


def test_what_was_made_last_proposes_language_zone_and_organiser(staff):
    assert form_of(staff.get(ADD))["language"] == "en"
    factories.campaign(language="fr", time_zone="Africa/Rabat", organiser="Réseau", signature_goal=7)
    form = form_of(staff.get(ADD))
    assert (form["language"], form["time_zone"], form["organiser"]) == ("fr", "Africa/Rabat", "Réseau")
    assert (form["signature_goal"], form["tweet_goal"]) == ("10000", "1000")


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({}, "river"),
        ({"tweetaction-hashtag": " #Río_Limpio"}, "rio_limpio"),
        (ACTION, "open-the-report-xmpl_ministry-river"),
        (ACTION | {"headline": f"Open {'every ' * 9}report"}, "open-" + "every-" * 7 + "eve"),
    ],
)
def test_the_slug_is_proposed_from_the_hashtag_or_the_headline(staff, fields, slug):
    typed = whole(staff, slug="", **fields)
    refused = staff.post(ADD, typed | {"goal_statement": ""})
    assert form_of(refused)["slug"] == slug
    save(staff, ADD, typed)
    assert Campaign.objects.get().slug == slug


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("headline", "x" * 281, "X counts 281 of at most 280"),
        ("headline", "@xmpl_ministry now", "put a dot or a word"),
        ("time_zone", "Mars", "Not an IANA time zone"),
        ("slug", "not a slug", "valid “slug”"),
        ("signature_goal", "0", "greater than or equal to 1"),
        ("petition-text", "", "required"),
        ("sampletweet-text", "漢" * 141, "X counts 282 of at most 280"),
        ("sampletweet-text", "a" * 270, "With the campaign's address X counts 294"),
        ("tweetaction-hashtag", "#River!", "without #"),
        ("tweetaction-hashtag", "", "required"),
        ("target-reason", "", "required"),
        ("target-x_handle", "@m-n", "without @"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_on_top_and_nothing_typed_is_lost(staff, field, value, message):
    typed = whole(staff, **{field: value})
    response = staff.post(ADD, typed)
    assert response.status_code == 422
    page = Html(response)
    listed = page.find(".outcry-errors a")
    assert [link["href"] for link in listed] == [f"#id_{field}"]
    assert message in listed[0].text
    assert message in page.one(f"#id_{field}_error").text
    sent = form_of(response)
    for name in typed.keys() - {"csrfmiddlewaretoken"}:
        assert sent[name].strip("#@ ") == typed[name].strip("#@ "), name
    assert nothing()


def test_all_that_is_wrong_is_listed_at_once(staff):
    response = staff.post(ADD, whole(staff, goal_statement="", **{"petition-title": "", "target-name": ""}))
    assert [link["href"] for link in Html(response).find(".outcry-errors a")] == [
        "#id_goal_statement",
        "#id_petition-title",
        "#id_target-name",
    ]


def test_a_target_is_chosen_or_described_not_both(staff):
    other = factories.target()
    response = staff.post(ADD, whole(staff, **{"tweetaction-target": str(other.pk)}))
    assert "not both" in Html(response).one(".outcry-errors").text
    assert form_of(response)["tweetaction-target"] == str(other.pk)
    assert not Campaign.objects.exists()


def test_signs_in_front_are_dropped(staff):
    typed = {"tweetaction-hashtag": " #River", "target-x_handle": "https://x.com/xmpl_ministry"}
    refused = form_of(staff.post(ADD, whole(staff, goal_statement="", **typed)))
    assert (refused["tweetaction-hashtag"], refused["target-x_handle"]) == ("River", "xmpl_ministry")
    save(staff, ADD, whole(staff, **typed))
    assert Campaign.objects.get().tweet_action.query == "#River @xmpl_ministry -is:retweet"


def test_a_slug_that_is_taken_is_said_at_the_slug(staff):
    factories.campaign(slug="river")
    response = staff.post(ADD, whole(staff))
    assert errors_of(response) == ["Another campaign already has this slug."]
    assert Campaign.objects.count() == 1


def test_a_second_click_leads_to_what_the_first_one_made(staff):
    answers = [staff.post(ADD, whole(staff)) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Campaign.objects.count() == Petition.objects.count() == TweetAction.objects.count() == 1
    # Somebody else who types the same does not get it for their own.
    colleague = logged_in(make_staff("colleague@example.org"))
    assert colleague.post(ADD, whole(colleague)).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_that_take_one_slug_at_once_make_one_campaign(staff):
    """Both have looked before either of them wrote."""
    typed = whole(staff)
    sessions = [logged_in(make_staff(f"{name}@example.org")) for name in ("one", "other")]
    answers = at_once(lambda browser: browser.post(ADD, typed), sessions, writes=Petition)
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert errors_of(refused) == ["Another campaign already has this slug."]
    assert Campaign.objects.count() == Petition.objects.count() == Demand.objects.count() == 1


def test_a_slug_that_is_taken_between_look_and_write_is_said_too(staff, monkeypatch):
    create = NewCampaign.create

    def overtaken(new):
        factories.campaign(slug="river")
        return create(new)

    monkeypatch.setattr(NewCampaign, "create", overtaken)
    response = staff.post(ADD, whole(staff))
    assert errors_of(response) == ["Another campaign already has this slug."]
    assert Petition.objects.count() == 1


def test_who_may_not_add_campaigns_begins_none(staff):
    reader = logged_in(make_staff("reader@example.org", superuser=False))
    assert reader.get(ADD).status_code == 403
    assert reader.post(ADD, whole(staff)).status_code == 403
    assert not Campaign.objects.exists()


def test_the_page_is_small_however_many_there_are(staff):
    for number in range(30):
        factories.target(x_handle=f"office_{number}")
    factories.campaign()
    with CaptureQueriesContext(connection) as queries:
        page = staff.get(ADD)
    assert len(queries) < 25
    assert len(page.content) < 150_000
    assert len(form_of(page)) < 40
