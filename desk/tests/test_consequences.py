"""Headlines, handles, samples, translations and what X is asked for are one state: a change of a live campaign says what it does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import SamplePart, Target
from campaigns import consistency
from campaigns.models import Campaign
from desk.tests.test_campaign_page import change, confirm, save
from tests import factories
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
OLD = "#OpenTheRiverReport @xmpl_ministry -is:retweet"


def at(campaign, page):
    return f"/admin/campaigns/campaign/{campaign.pk}/{page}/"


def admin_of(target):
    return f"/admin/actions/target/{target.pk}/change/"


def said(response):
    return Html(response).one(".outcry-then").text


def state(campaign):
    fresh = Campaign.objects.get(pk=campaign.pk)
    return fresh.headline, fresh.target.x_handle, fresh.tweet_action.query


@pytest.fixture(params=["target", "list"])
def where(request, live):
    """A target has two pages: the campaign's own, and the one in the list of all."""
    return at(live, "target") if request.param == "target" else admin_of(live.target)


def test_another_handle_is_confirmed_with_the_headline_in_every_language_and_the_way_back_is_open(staff, live, where):
    live.translations.create(language="es", headline="¡Publíquenlo, .@xmpl_ministry!", source=live.source)
    before = state(live)
    asked = staff.post(where, form_of(staff.get(where)) | {"x_handle": "@xmpl_office"})
    assert state(live) == before
    assert "#OpenTheRiverReport @xmpl_office -is:retweet" in said(asked) and OLD in said(asked)
    form = form_of(asked)
    assert form["x_handle"] == "xmpl_office"
    assert form[f"then-headline-{live.pk}-en"] == "Publish it, .@xmpl_office! #OpenTheRiverReport"
    assert form[f"then-headline-{live.pk}-es"] == "¡Publíquenlo, .@xmpl_office!"
    save(staff, where, form)
    headline = "Publish it, .@xmpl_office! #OpenTheRiverReport"
    assert state(live) == (headline, "xmpl_office", "#OpenTheRiverReport @xmpl_office -is:retweet")
    translation = live.translations.get()
    assert translation.headline == "¡Publíquenlo, .@xmpl_office!"
    assert translation.source == Campaign.objects.get(pk=live.pk).source
    assert live.tweet_action.queries.count() == 2
    # All of it is in the history, by name.
    assert live.history.first().history_user.email == "staff@example.org"
    # Other pages of the campaign can be saved, and so can the way back.
    save(staff, change(live), form_of(staff.get(change(live))) | {"goal_statement": "Another"})
    confirm(staff, where, form_of(staff.get(where)) | {"x_handle": "xmpl_ministry"})
    assert state(live) == before
    assert live.tweet_action.queries.count() == 3
    assert live.tweet_action.queries.filter(until=None).get().query == OLD


def test_a_headline_that_names_nobody_is_not_confirmed(staff, live, where):
    asked = form_of(staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"}))
    field = f"then-headline-{live.pk}-en"
    for headline, message in (
        ("Publish it, .@xmpl_ministry!", "put the target's handle into it"),
        ("Publish it, .@xmpl_office_2!", "put the target's handle into it"),
        ("", "required"),
        ("@xmpl_office, publish it!", "put a dot or a word"),
    ):
        refused = staff.post(where, asked | {field: headline})
        assert message in said(refused), headline
        assert form_of(refused)[field] == headline
    assert state(live)[1] == "xmpl_ministry"
    save(staff, where, asked | {field: "Open it, .@xmpl_office!"})
    assert state(live)[:2] == ("Open it, .@xmpl_office!", "xmpl_office")


def test_a_campaign_whose_handle_was_changed_alone_can_be_mended_from_either_side(staff, live, where):
    """As it was left by an earlier release."""
    Target.objects.filter(pk=live.target.pk).update(x_handle="xmpl_office")
    form = form_of(staff.get(change(live)))
    assert "Please put the target's handle into it" in Html(staff.post(change(live), form)).text
    asked = staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_ministry"})
    if Html(asked).find(".outcry-then"):
        save(staff, where, form_of(asked))
    assert state(live)[1:] == ("xmpl_ministry", OLD)
    save(staff, change(live), form_of(staff.get(change(live))))


def test_what_still_has_the_old_name_and_which_posts_no_longer_match_is_told(staff, live, where):
    action = live.tweet_action
    SamplePart.objects.create(action=action, kind="ask", text="Ask @XMPL_Ministry, now")
    action.advice = "Never insult @xmpl_ministry."
    action.save()
    action.translations.create(language="es", advice="No insulten a @xmpl_ministry.")
    action.samples.create(text="For all .{target} #River")
    for text in (
        "@xmpl_ministry #OpenTheRiverReport",
        "@xmpl_office @xmpl_ministry #OpenTheRiverReport",
        "Something else",
    ):
        factories.tweet(action, text=text, kind="matching")
    asked = said(staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"}))
    assert "1 stored post would no longer match" in asked
    for text in ("Sample 0 .@xmpl_ministry", "Ask @XMPL_Ministry, now", "Never insult", "Advice (es): No insulten"):
        assert text in asked, text
    assert "For all" not in asked


def test_another_hashtag_says_which_texts_have_the_old_one(staff, live):
    where = at(live, "action")
    asked = staff.post(where, form_of(staff.get(where)) | {"hashtag": "#OpenIt"})
    assert "Sample 0 .@xmpl_ministry #OpenTheRiverReport" in said(asked)
    assert "Headline (en): Publish it, .@xmpl_ministry! #OpenTheRiverReport" in said(asked)
    assert not Html(asked).find("[name^=then-headline]")
    save(staff, where, form_of(asked))
    assert state(live)[2] == "#OpenIt @xmpl_ministry -is:retweet"


def test_another_target_changes_the_headline_too(staff, live):
    council, where = factories.target(x_handle="xmpl_council"), at(live, "action")
    asked = staff.post(where, form_of(staff.get(where)) | {"target": council.pk})
    assert form_of(asked)[f"then-headline-{live.pk}-en"] == "Publish it, .@xmpl_council! #OpenTheRiverReport"
    save(staff, where, form_of(asked))
    assert state(live) == (
        "Publish it, .@xmpl_council! #OpenTheRiverReport",
        "xmpl_council",
        "#OpenTheRiverReport @xmpl_council -is:retweet",
    )


def test_one_more_target_only_changes_the_query(staff, live):
    council, where = factories.target(x_handle="xmpl_council"), at(live, "action")
    asked = staff.post(where, form_of(staff.get(where)) | {"more_targets": [council.pk]})
    assert not Html(asked).find("[name^=then-headline]")
    save(staff, where, form_of(asked))
    assert state(live)[2] == "#OpenTheRiverReport (@xmpl_ministry OR @xmpl_council) -is:retweet"


def test_a_query_that_was_written_by_hand_stays_and_the_page_says_so(staff, live, where):
    confirm(staff, at(live, "action"), form_of(staff.get(at(live, "action"))) | {"query": "#Ours -is:retweet"})
    asked = staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"})
    assert "We still ask X for #Ours -is:retweet: somebody wrote it by hand, so it stays." in said(asked)
    save(staff, where, form_of(asked))
    assert state(live)[1:] == ("xmpl_office", "#Ours -is:retweet")


@pytest.mark.parametrize(
    ("page", "fields"),
    [("action", {"advice": "Stay civil."}), ("target", {"name": "The council"}), ("petition", {"title": "Another"})],
)
def test_nobody_is_asked_about_what_changes_nothing_there(staff, live, page, fields):
    save(staff, at(live, page), form_of(staff.get(at(live, page))) | fields)


def test_a_draft_is_saved_at_once_and_its_query_follows(staff, where, live):
    Campaign.objects.filter(pk=live.pk).update(status="closed")
    save(staff, where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"})
    assert state(live)[1:] == ("xmpl_office", "#OpenTheRiverReport @xmpl_office -is:retweet")
    assert not live.tweet_action.queries.filter(until=None, query__contains="office").exists()


def test_a_target_of_two_campaigns_asks_about_both(staff, live):
    action = factories.tweet_action(target=live.target, hashtag="Second")
    second = factories.campaign(tweet_action=action, headline="Also, .@xmpl_ministry!")
    where = admin_of(live.target)
    asked = staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"})
    save(staff, where, form_of(asked))
    assert [state(campaign)[0] for campaign in (live, second)] == [
        "Publish it, .@xmpl_office! #OpenTheRiverReport",
        "Also, .@xmpl_office!",
    ]
    assert state(second)[2] == "#Second @xmpl_office -is:retweet"


def test_what_was_confirmed_is_saved_or_asked_about_again(staff, live, where):
    """A colleague changes the hashtag while somebody reads what another handle does."""
    colleague = logged_in(make_staff("colleague@example.org"))
    asked = staff.post(where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"})
    confirm(colleague, at(live, "action"), form_of(staff.get(at(live, "action"))) | {"hashtag": "OpenIt"})
    typed = form_of(asked) | {f"then-headline-{live.pk}-en": "My words, .@xmpl_office!"}
    again = staff.post(where, typed)
    assert "#OpenIt @xmpl_office -is:retweet" in said(again)
    assert state(live)[1] == "xmpl_ministry"
    assert form_of(again)[f"then-headline-{live.pk}-en"] == "My words, .@xmpl_office!"
    save(staff, where, form_of(again))
    assert state(live) == ("My words, .@xmpl_office!", "xmpl_office", "#OpenIt @xmpl_office -is:retweet")


def test_a_headline_is_checked_against_the_handle_that_is_there_when_it_is_saved(staff, live, where):
    colleague = logged_in(make_staff("colleague@example.org"))
    form = form_of(staff.get(change(live)))
    confirm(colleague, where, form_of(colleague.get(where)) | {"x_handle": "xmpl_office"})
    refused = staff.post(change(live), form | {"headline": "Now, .@xmpl_ministry!"})
    assert refused.status_code == 200
    assert any("put the target's handle into it" in text or "Meanwhile" in text for text in errors_of(refused))
    assert state(live)[0] == "Publish it, .@xmpl_office! #OpenTheRiverReport"


def test_a_translated_headline_names_a_handle_that_is_addressed(staff, live, where):
    languages = f"{at(live, 'languages')}?language=es"
    key = f"campaign-{live.pk}-headline"
    confirm(staff, where, form_of(staff.get(where)) | {"x_handle": "xmpl_office"})
    refused = staff.post(languages, form_of(staff.get(languages)) | {key: "Ya, .@xmpl_ministry"})
    assert "Please put the target's handle into it" in Html(refused).text
    save(staff, languages, form_of(staff.get(languages)) | {key: "Ya, .@xmpl_office"})


def test_a_handle_that_only_begins_alike_is_another_one(live):
    live.headline = "Publish it, .@xmpl_ministry_2!"
    assert "headline" in consistency_errors(live)


def consistency_errors(campaign):
    try:
        campaign.clean()
    except Exception as error:
        return error.message_dict
    return {}


def test_the_rule_itself(live):
    live.translations.create(language="es", headline="Ya, .@xmpl_other")
    action = live.tweet_action
    same = consistency.of_action(live, action.hashtag, action.targets, "")
    assert same.wrong == {"es": "Ya, .@xmpl_other"}
    assert (same.has_new_query, same.gone, same.left) == (False, [], [])
    [moved] = consistency.of_handle(live.target, "xmpl_other")
    assert moved.gone == ["@xmpl_ministry"]
    assert moved.wrong == {"en": live.headline}
    assert moved.mended(live.headline) == "Publish it, .@xmpl_other! #OpenTheRiverReport"
    assert (moved.before.query, moved.after.query) == (OLD, "#OpenTheRiverReport @xmpl_other -is:retweet")
    [louder] = consistency.of_handle(live.target, "XMPL_Ministry")
    assert (louder.gone, louder.wrong) == ([], {"es": "Ya, .@xmpl_other"})
    assert louder.has_new_query


def test_the_step_asks_the_database_little_whatever_there_is(staff, live, where):
    now = timezone.now() - timedelta(hours=1)
    for number in range(40):
        live.moments.create(title=f"Day {number} @xmpl_ministry", starts_at=now)
        factories.tweet(live.tweet_action, text="@xmpl_ministry", kind="matching")
    form = form_of(staff.get(where)) | {"x_handle": "xmpl_office"}
    with CaptureQueriesContext(connection) as queries:
        asked = staff.post(where, form)
    assert "Day 39" in said(asked)
    assert len(queries) < 70
    assert len(asked.content) < 150_000
