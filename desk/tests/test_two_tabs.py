"""Two people, or one with two tabs, save what both have open: no save takes back what somebody else has saved meanwhile."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from actions.models import SampleTweet, Target
from campaigns.models import Campaign, Demand, KeyMoment, PressKit, Recap, Update
from core.staff.versions import MADE_FROM
from desk.tests.test_campaign_page import add, added, change, confirm, page_of, place, save
from petitions.models import Petition
from tests import factories
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
MEANWHILE = "Meanwhile, somebody else has changed this to “{}”. Save again to keep yours."


@pytest.fixture
def colleague(db):
    return logged_in(make_staff("colleague@example.org"))


def clash(client, url, fields, field, theirs):
    """Saves, is told of a clash at this field and of nothing else; returns the form as it comes back."""
    response = client.post(url, fields)
    assert response.status_code == 200
    told = MEANWHILE.format(theirs)
    assert errors_of(response) in ([told], [])  # The theme's tables have a look of their own for what is wrong.
    # Once, beside the list on top that leads there.
    assert Html(response).without(".outcry-errors").text.count("Meanwhile") == 1
    # It stands in the nearest block around the field that says anything.
    around = Html(response).one(f"[name={field}]").element
    while "Meanwhile" not in Html(around).text:
        around = around.getparent()
    assert told in Html(around).text and len(Html(around).find("[name]:not([type=hidden])")) < 9
    return form_of(response, "form[method=post]")


def test_two_tabs_change_different_fields_and_both_stay(staff, colleague, live):
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"goal_statement": "All of it is public.", "about": "We live here."})
    save(staff, change(live), mine | {"story": "How it **began**.\r\n\r\nAnd went on."})
    live.refresh_from_db()
    assert (live.goal_statement, live.about) == ("All of it is public.", "We live here.")
    assert live.story == "How it **began**.\n\nAnd went on."
    changed = {delta.field for delta in live.history.first().diff_against(live.history.all()[1]).changes}
    assert changed == {"story"}


@pytest.mark.requirement("A30")
def test_the_same_field_is_a_clash_that_shows_theirs_and_keeps_mine(staff, colleague, live):
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"goal_statement": "Theirs", "organiser": "Their network"})
    again = clash(staff, change(live), mine | {"goal_statement": "Mine"}, "goal_statement", "Theirs")
    live.refresh_from_db()
    assert live.goal_statement == "Theirs"
    assert (again["goal_statement"], again["organiser"]) == ("Mine", "Their network")
    save(staff, change(live), again)
    live.refresh_from_db()
    assert (live.goal_statement, live.organiser) == ("Mine", "Their network")


def test_after_a_clash_a_third_one_is_said_too(staff, colleague, live):
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"goal_statement": "Theirs"})
    again = clash(staff, change(live), mine | {"goal_statement": "Mine"}, "goal_statement", "Theirs")
    save(colleague, change(live), form_of(colleague.get(change(live))) | {"goal_statement": "Theirs, better"})
    clash(staff, change(live), again, "goal_statement", "Theirs, better")


def test_the_same_words_of_both_are_no_clash(staff, colleague, live):
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    same = {
        "goal_statement": "The same",
        "story": "One\r\nTwo",
        "tweet_goal": "700",
        "demands-0-title": "Publish it all",
    }
    save(colleague, change(live), theirs | same)
    save(staff, change(live), mine | same)
    # A save that changes nothing leaves no entry.
    assert live.history.count() == 2


def test_what_somebody_has_emptied_is_a_clash_too(staff, colleague, live):
    Campaign.objects.filter(pk=live.pk).update(story="Long")
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"story": ""})
    response = staff.post(change(live), mine | {"story": "Longer"})
    assert errors_of(response) == ["Meanwhile, somebody else has emptied this. Save again to keep yours."]
    assert form_of(response, "form[method=post]")["story"] == "Longer"


@pytest.mark.parametrize(
    ("field", "theirs", "mine", "shown"),
    [
        ("tweet_goal", "800", "900", "800"),
        ("demands-0-title", "All of it", "Half of it", "All of it"),
        ("demands-0-since", "2026-06-20", "2026-06-25", "2026-06-20"),
        ("demands-0-outcome", "promised", "met", "promised"),
    ],
)
def test_every_part_of_a_campaign_is_merged(staff, colleague, live, field, theirs, mine, shown):
    opened = form_of(staff.get(change(live)))
    save(colleague, change(live), form_of(colleague.get(change(live))) | {field: theirs})
    save(staff, change(live), opened | {"goal_statement": "Something else"})
    assert form_of(staff.get(change(live)))[field] == theirs
    again = clash(staff, change(live), opened | {field: mine}, field, shown)
    assert again[field] == mine
    save(staff, change(live), again)
    assert form_of(staff.get(change(live)))[field] == mine


@pytest.mark.parametrize(
    ("page", "field", "theirs", "mine", "shown", "other"),
    [
        ("safety", "accent", "blue", "teal", "blue", {"likely_countries": "ES FR"}),
        ("safety", "safety", "elevated", "high", "elevated: signing may cost a job", {"likely_countries": "ES FR"}),
        ("safety", "likely_countries", "ES FR", "FR", "ES FR", {"accent": "blue"}),
        (
            "texts",
            "samples-0-text",
            "Yours .{target}",
            "Ours .{target}",
            "Yours .{target}",
            {"samples-0-is_offered": ""},
        ),
        (
            "target",
            "mastodon_handle",
            "them@example.social",
            "me@example.social",
            "them@example.social",
            {"name": "Council"},
        ),
        ("petition", "title", "Their title", "My title", "Their title", {"text": "Publish all of it."}),
        ("action", "budget", "40.00", "50.00", "40.00", {"advice": "Stay civil."}),
        ("moments", "title", "Their day", "My day", "Their day", {"place": "The square"}),
        ("updates", "text", "Theirs", "Mine", "Theirs", {"title": "Other news"}),
        ("responses", "words", "Theirs", "Mine", "Theirs", {"where": "In the park"}),
        ("press", "press_kit-0-facts", "Theirs", "Mine", "Theirs", {"press_kit-0-contact": "Sam"}),
        ("press", "sources-0-note", "Theirs", "Mine", "Theirs", {"press_kit-0-contact": "Sam"}),
        ("recap", "text", "Theirs", "Mine", "Theirs", {"published_at_0": "2030-01-01", "published_at_1": "10:00"}),
    ],
)
def test_every_page_of_a_campaign_is_merged(staff, colleague, live, page, field, theirs, mine, shown, other):
    factories.day_of_action(live)
    live.updates.create(title="News", text="x")
    live.responses.create(speaker="Minister", where="x", words="x")
    live.sources.create(word="leaflet")
    PressKit.objects.create(campaign=live, text="x", contact="x")
    Recap.objects.create(campaign=live, text="x")
    rows = page in ("moments", "updates", "responses")
    where = page_of(getattr(live, page).get()) if rows else place(live, page)
    opened = form_of(staff.get(where))
    save(colleague, where, form_of(colleague.get(where)) | {field: theirs})
    save(staff, where, opened | other)
    assert form_of(staff.get(where))[field] == theirs
    again = clash(staff, where, opened | {field: mine}, field, shown)
    assert again[field] == mine
    save(staff, where, again)
    assert form_of(staff.get(where))[field] == mine


def test_times_are_compared_as_the_form_shows_them(staff, colleague, live):
    """Those of the database are finer."""
    moment = timezone.now().replace(microsecond=123456) + timedelta(days=400)
    Petition.objects.filter(pk=live.petition_id).update(closes_at=moment)
    where = place(live, "petition")
    mine = form_of(staff.get(where))
    save(colleague, where, form_of(colleague.get(where)) | {"title": "Theirs"})
    save(staff, where, mine | {"text": "Mine"})
    assert Petition.objects.get(pk=live.petition_id).title == "Theirs"
    save(colleague, where, form_of(colleague.get(where)) | {"closes_at_0": "2031-02-03"})
    save(staff, where, mine | {"title": "Theirs"})
    assert f"{Petition.objects.get(pk=live.petition_id).closes_at:%Y-%m-%d}" == "2031-02-03"
    response = staff.post(where, mine | {"closes_at_0": "2031-02-04"})
    assert ["2031-02-03" in text for text in errors_of(response)] == [True]


def test_what_is_chosen_from_many_is_merged(staff, colleague, live):
    one, two = factories.target(x_handle="xmpl_council"), factories.target(x_handle="xmpl_mayor")
    where = place(live, "action")
    mine, theirs = form_of(staff.get(where)), form_of(colleague.get(where))
    confirm(colleague, where, theirs | {"more_targets": [two.pk, one.pk]})
    save(staff, where, mine | {"advice": "Stay civil."})
    assert set(live.tweet_action.more_targets.all()) == {one, two}
    response = staff.post(where, mine | {"more_targets": [two.pk]})
    assert [str(one) in text and str(two) in text for text in errors_of(response)] == [True]
    confirm(staff, where, form_of(response, "form[method=post]"))
    assert set(live.tweet_action.more_targets.all()) == {two}


def test_a_query_that_both_have_changed_is_said(staff, colleague, draft):
    where = place(draft, "action")
    mine, theirs = form_of(staff.get(where)), form_of(colleague.get(where))
    save(colleague, where, theirs | {"query": "#Theirs -is:retweet"})
    again = clash(staff, where, mine | {"query": "#Mine -is:retweet"}, "query", "#Theirs -is:retweet")
    save(staff, where, again)
    assert draft.tweet_action.query == "#Mine -is:retweet"


def test_a_box_that_only_the_other_one_has_ticked_stays_ticked(staff, colleague, live):
    where = place(live, "target")
    mine, theirs = form_of(staff.get(where)), form_of(colleague.get(where))
    save(colleague, where, theirs | {"is_fictional": "on"})
    save(staff, where, mine | {"name": "Mine"})
    assert Target.objects.get(pk=live.target.pk).is_fictional


@pytest.fixture
def draft(db):
    """Its rows may be deleted."""
    made = factories.campaign(status="draft", launched_at=None)
    made.history.all().delete()
    return made


def test_a_row_that_the_other_one_has_deleted_goes_unless_it_was_written_into(staff, colleague, draft):
    live = draft
    for title in ("Second", "Third"):
        live.demands.create(title=title, position=2)
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"demands-1-DELETE": "on"})
    save(staff, change(live), mine | {"demands-2-title": "Third, better"})
    assert set(live.demands.values_list("title", flat=True)) == {"Publish the report", "Third, better"}
    response = staff.post(change(live), mine | {"demands-1-title": "Second, better"})
    assert "Meanwhile, somebody else has deleted what you changed." in Html(response).text
    again = form_of(response, "form[method=post]")
    assert (again["demands-1-title"], again["demands-2-title"]) == ("Third, better", "Second, better")
    save(staff, change(live), again)
    assert live.demands.filter(title="Second, better").count() == 1
    assert live.demands.count() == 3


def test_a_row_that_the_other_one_has_changed_is_not_deleted_unseen(staff, colleague, draft):
    live = draft
    live.demands.create(title="Second", position=2)
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"demands-1-title": "Second, better"})
    response = staff.post(change(live), mine | {"demands-1-DELETE": "on"})
    assert "Meanwhile, somebody else has changed “Second, better”. Save again to delete it." in Html(response).text
    again = form_of(response, "form[method=post]")
    assert (again["demands-1-title"], again["demands-1-DELETE"]) == ("Second, better", "on")
    save(staff, change(live), again)
    assert live.demands.count() == 1


def test_rows_of_both_are_added_and_each_stands_under_its_own_name(staff, colleague, live):
    Demand.objects.filter(campaign=live).update(position=5)
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    added(theirs, "demands", position="1", title="Theirs", outcome="open", since="2026-06-15")
    save(colleague, change(live), theirs)
    added(mine, "demands", position="2", title="", outcome="open", since="2026-06-15")
    response = staff.post(change(live), mine)
    kept = form_of(response, "form[method=post]")
    assert kept["demands-0-title"] == "Publish the report"
    assert f"/admin/campaigns/demand/{live.demands.get(title='Theirs').pk}/change/" not in response.content.decode()
    save(staff, change(live), kept | {"demands-1-title": "Mine"})
    assert list(live.demands.values_list("title", flat=True)) == ["Theirs", "Mine", "Publish the report"]


def test_two_clicks_on_save_make_no_clash_and_nothing_twice(staff, live):
    form = form_of(staff.get(change(live))) | {"goal_statement": "Mine", "demands-0-title": "Better"}
    added(form, "demands", position="2", title="New", outcome="open", since="2026-06-15")
    texts = form_of(staff.get(place(live, "texts")))
    added(texts, "samples", text="New .@xmpl_ministry #River now", language="en", is_offered="on")
    for _ in range(2):
        save(staff, change(live), form)
        save(staff, place(live, "texts"), texts)
        add(
            staff,
            live,
            "update",
            title="News",
            text="It moves.",
            published_at_0="2026-06-16",
            published_at_1="10:00:00",
        )
        add(staff, live, "moment", title="The day", starts_at_0="2030-06-16", starts_at_1="10:00:00")
    assert (live.demands.count(), live.updates.count(), live.moments.count()) == (2, 1, 1)
    assert SampleTweet.objects.filter(text__startswith="New").count() == 1


def test_two_clicks_add_one_petition_and_one_action_with_its_query(staff):
    campaign = factories.campaign(petition=None, tweet_action=None, status="draft", launched_at=None)
    typed = {
        "petition": {"title": "First", "text": "x", "opens_at_0": "2026-06-01", "opens_at_1": "10:00:00"},
        "action": {"hashtag": "River", "budget": "21", "query": "#Other -is:retweet"},
    }
    for page, fields in typed.items():
        form = form_of(staff.get(place(campaign, page))) | fields
        for _ in range(2):
            save(staff, place(campaign, page), form)
    campaign.refresh_from_db()
    assert (Petition.objects.count(), campaign.tweet_action.query) == (1, "#Other -is:retweet")
    assert campaign.tweet_action.queries.count() == 1


def test_two_clicks_delete_once(staff, live):
    live.tweet_action.samples.create(text="Second .@xmpl_ministry #River here", language="en")
    form = form_of(staff.get(place(live, "texts"))) | {"samples-1-DELETE": "on"}
    for _ in range(2):
        save(staff, place(live, "texts"), form)
    assert live.tweet_action.samples.count() == 1


def test_a_campaign_that_is_gone_is_said(staff, colleague, draft):
    campaign = draft
    form = form_of(staff.get(change(campaign)))
    assert colleague.post(f"/admin/campaigns/campaign/{campaign.pk}/delete/", {"post": "yes"}).status_code == 302
    response = staff.post(change(campaign), form | {"headline": "Mine"}, follow=True)
    assert "Perhaps it was deleted?" in Html(response).text


MANGLED = [
    "",
    "x",
    "A",
    "bnVsbA==",
    "W10=",
    "eyIiOlsxXX0=",
    "eyIiOnsiIjpbXX19",
    "\x00",
    "é",
    "W1tb" * 5000,
]


@pytest.mark.parametrize("mangled", [*MANGLED, None])
def test_a_version_that_can_not_be_read_takes_nothing_back_unseen(staff, live, mangled):
    form = form_of(staff.get(change(live)))
    form = {name: value for name, value in form.items() if name != MADE_FROM}
    form |= {"goal_statement": "Mine", "notice": "New"} | ({} if mangled is None else {MADE_FROM: mangled})
    again = clash(staff, change(live), form, "goal_statement", live.goal_statement)
    save(staff, change(live), again)
    live.refresh_from_db()
    assert (live.goal_statement, live.notice) == ("Mine", "New")


@pytest.mark.parametrize("number", ["", "x", "999999999", "-1", "9" * 5000])
def test_rows_that_are_none_are_answered_with_a_word(staff, live, number):
    form = form_of(staff.get(change(live))) | {"demands-0-id": number, "demands-0-title": "Mine"}
    assert staff.post(change(live), form).status_code == 200
    assert [row.title for row in live.demands.all()] == ["Publish the report"]


@pytest.mark.parametrize(
    ("make", "page", "field", "other"),
    [
        (lambda live: live.target, "actions/target", "reason", "name"),
        (lambda live: live.petition, "petitions/petition", "title", "text"),
        (lambda live: live.tweet_action.samples.get(), "actions/sampletweet", "text", "language"),
        (lambda live: Recap.objects.create(campaign=live, text="x"), "campaigns/recap", "text", None),
        (
            lambda live: PressKit.objects.create(campaign=live, text="x", contact="x"),
            "campaigns/presskit",
            "text",
            "contact",
        ),
    ],
)
def test_each_page_of_its_own_merges(staff, colleague, live, make, page, field, other):
    row = make(live)
    url = f"/admin/{page}/{row.pk}/change/"
    mine, theirs = form_of(staff.get(url)), form_of(colleague.get(url))
    said = {field: "Theirs"} | ({other: "fr"} if other else {})
    save(colleague, url, theirs | said)
    response = staff.post(url, mine | {field: "Mine"})
    assert errors_of(response) == [MEANWHILE.format("Theirs")]
    save(staff, url, form_of(response, "form[method=post]"))
    row.refresh_from_db()
    assert getattr(row, field) == "Mine"
    assert other is None or getattr(row, other) == "fr"


def test_rights_of_staff_are_merged(staff, colleague):
    person = make_staff("third@example.org", superuser=False)
    url = f"/admin/accounts/user/{person.pk}/change/"
    mine, theirs = form_of(staff.get(url)), form_of(colleague.get(url))
    save(colleague, url, {name: value for name, value in theirs.items() if name != "is_active"})
    save(staff, url, mine | {"email": "third@example.net"})
    person.refresh_from_db()
    assert (person.is_active, person.email) == (False, "third@example.net")


def test_entries_of_a_recap_are_merged(staff, colleague, live):
    recap = Recap.objects.create(campaign=live, text="x")
    for number in (1, 2):
        recap.entries.create(position=number, text=f"Part {number}")
    url = f"/admin/campaigns/recap/{recap.pk}/change/"
    mine, theirs = form_of(staff.get(url)), form_of(colleague.get(url))
    save(colleague, url, theirs | {"entries-0-text": "Theirs"})
    save(staff, url, mine | {"entries-1-text": "Mine"})
    assert [entry.text for entry in recap.entries.all()] == ["Theirs", "Mine"]


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


def test_of_two_pictures_the_second_one_is_a_clash(staff, colleague, live):
    form = form_of(staff.get(change(live)))
    added(form, "pictures", kind="page", alt="A river", focus_x="50", focus_y="50", picture=picture("red"))
    save(staff, change(live), form)
    first = bytes(live.pictures.get().whole)
    mine, theirs = form_of(staff.get(change(live))), form_of(colleague.get(change(live)))
    save(colleague, change(live), theirs | {"pictures-0-picture": picture("blue")})
    second = bytes(live.pictures.get().whole)
    assert second != first
    save(staff, change(live), mine | {"pictures-0-alt": "The river"})
    assert (bytes(live.pictures.get().whole), live.pictures.get().alt) == (second, "The river")
    response = staff.post(change(live), mine | {"pictures-0-picture": picture("green")})
    assert ["choose it again" in text for text in errors_of(response)] == [True]
    again = form_of(response, "form[method=post]")
    save(staff, change(live), again | {"pictures-0-picture": picture("green")})
    assert bytes(live.pictures.get().whole) not in (first, second)


def test_two_clicks_add_a_picture_for_the_press_once(staff, live):
    kit = PressKit.objects.create(campaign=live, text="x", contact="x")
    url = f"/admin/campaigns/presskit/{kit.pk}/change/"
    form = form_of(staff.get(url))
    added(form, "images", alt="A river", credit="Network")
    for _ in range(2):
        save(staff, url, form | {"images-0-picture": picture("red")})
    assert kit.images.count() == 1
    save(staff, url, form | {"images-0-picture": picture("blue")})
    assert kit.images.count() == 2


def test_a_text_in_another_language_is_merged(staff, colleague, live):
    url = f"/admin/campaigns/campaign/{live.pk}/languages/?language=fr"
    demand, target = f"demand-{live.demands.get().pk}-title", f"target-{live.target.pk}-name"
    mine, theirs = form_of(staff.get(url)), form_of(colleague.get(url))
    save(colleague, url, theirs | {demand: "Publier le rapport"})
    save(staff, url, mine | {target: "Ministère"})
    assert live.demands.get().translations.get().title == "Publier le rapport"
    response = staff.post(url, mine | {demand: "Publiez tout"})
    assert response.status_code == 422
    assert errors_of(response) == [MEANWHILE.format("Publier le rapport")]
    again = form_of(response, "form[method=post]")
    assert (again[demand], again[target]) == ("Publiez tout", "Ministère")
    save(staff, url, again)
    assert live.demands.get().translations.get().title == "Publiez tout"


def test_a_moment_that_somebody_else_has_moved_is_not_moved_back(staff, colleague, live):
    day = factories.day_of_action(live)
    url = f"/admin/campaigns/keymoment/{day.pk}/move/"
    mine, theirs = form_of(staff.get(url)), form_of(colleague.get(url))
    when = {"starts_at_1": "10:00:00", "because": "So be it."}
    save(colleague, url, theirs | when | {"starts_at_0": "2030-01-01", "sure": "yes"})
    response = staff.post(url, mine | when | {"starts_at_0": "2030-02-02", "sure": "yes"})
    assert response.status_code == 422
    assert "2030-01-01" in Html(response).text
    assert f"{KeyMoment.objects.get(pk=day.pk).starts_at:%Y-%m-%d}" == "2030-01-01"
    save(staff, url, form_of(response, "form[method=post]") | {"sure": "yes"})
    assert f"{KeyMoment.objects.get(pk=day.pk).starts_at:%Y-%m-%d}" == "2030-02-02"


def test_a_status_that_somebody_else_has_set_is_not_set_back(staff, colleague, live):
    mine = form_of(staff.get(place(live, "safety")))
    assert colleague.post(f"/admin/campaigns/campaign/{live.pk}/close/").status_code == 302
    save(staff, place(live, "safety"), mine | {"accent": "plum"})
    live.refresh_from_db()
    assert live.accent == "plum"
    assert (live.status, live.petition.is_open) == ("closed", False)


def test_an_update_of_a_withdrawn_kind_changes_nothing_back(staff, colleague, live):
    update = Update.objects.create(campaign=live, title="News", text="x", published_at=timezone.now())
    mine = form_of(staff.get(page_of(update)))
    assert colleague.post(f"/admin/campaigns/update/{update.pk}/withdraw/", {"because": "Wrong."}).status_code == 302
    assert staff.post(page_of(update), mine | {"text": "Mine"}).status_code == 403
    update.refresh_from_db()
    assert (update.text, update.withdrawn_because) == ("x", "Wrong.")
