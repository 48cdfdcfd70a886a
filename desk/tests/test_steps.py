"""Where staff look before they leap: moving a moment, mailing an update, logging what a target said; and what the panel tells."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from actions.models import Charge, Gap, LinkedPost, SamplePart, SampleTweet, Tweet
from actions.x.ids import id_at
from campaigns import tasks
from campaigns.models import KeyMoment, PressKit, Recap, Response, Update
from desk.tests.test_campaign_page import added, change, confirm, page_of, place, save
from tests import factories
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


def panel(staff, live, page="change"):
    return Html(staff.get(place(live, page))).find(".outcry-progress")[-1].text


def test_moving_shows_first_what_would_move_and_then_moves_it(staff, live):
    day = factories.day_of_action(live)
    update = Update.objects.create(
        campaign=live, title="Go!", text="x", published_at=day.starts_at + timedelta(hours=1), moment=day
    )
    url = f"/admin/campaigns/keymoment/{day.pk}/move/"
    later = day.starts_at + timedelta(days=7)
    fields = form_of(staff.get(url)) | {
        "starts_at_0": f"{later:%Y-%m-%d}",
        "starts_at_1": f"{later:%H:%M:%S}",
        "because": "The court postponed it.",
    }
    preview = staff.post(url, fields).content.decode()
    assert "This would move too" in preview
    assert "Go!" in preview
    day.refresh_from_db()
    assert day.moved_from is None
    assert staff.post(url, fields | {"sure": "yes"}).status_code == 302
    day.refresh_from_db()
    update.refresh_from_db()
    assert abs(day.starts_at - later) < timedelta(seconds=1)
    assert day.moved_because == "The court postponed it."
    assert update.published_at > later
    assert day.history.first().history_user is not None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"starts_at_0": "x", "starts_at_1": "y", "because": "z"},
        {"starts_at_0": "2026-06-15", "starts_at_1": "10:00", "because": ""},
    ],
)
def test_a_move_without_time_or_reason_is_said_at_the_field(staff, live, fields):
    day = factories.day_of_action(live)
    response = staff.post(f"/admin/campaigns/keymoment/{day.pk}/move/", fields | {"sure": "yes"})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert KeyMoment.objects.get().moved_from is None


def test_on_its_own_page_the_time_of_a_moment_is_not_changed_by_the_way(staff, live):
    day = factories.day_of_action(live)
    form = form_of(staff.get(page_of(day)))
    later = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00:00"}
    save(staff, page_of(day), form | {"title": "A better title"} | later)
    before = day.starts_at
    day.refresh_from_db()
    assert (day.title, day.starts_at) == ("A better title", before)


def test_an_update_is_mailed_after_a_look_at_how_many_get_it(staff, live):
    factories.signature(live.petition, address="ana@example.org", updates_at=timezone.now())
    update = Update.objects.create(campaign=live, title="They answered", text="At last.", published_at=timezone.now())
    url = f"/admin/campaigns/update/{update.pk}/mail/"
    assert "Mail it to everyone who asked for news" in staff.get(page_of(update)).content.decode()
    assert "1 person has asked for news" in staff.get(url).content.decode()
    update.refresh_from_db()
    assert update.mailing_at is None
    assert staff.post(url, {"do": "anything"}).status_code == staff.post(url).status_code == 422
    update.refresh_from_db()
    assert update.mailing_at is None
    assert staff.post(url, {"do": "begin"}).status_code == 302
    tasks.send_updates()
    assert [made.to for made in mail.outbox] == [["ana@example.org"]]
    assert "only once" in staff.post(url, {"do": "begin"}, follow=True).content.decode()
    assert "1 / 1" in staff.get(page_of(update)).content.decode()


def test_what_the_target_said_is_flagged_and_becomes_a_response(staff, live, client):
    said = factories.tweet(
        live.tweet_action,
        kind="target",
        target=live.target,
        text="We will publish it.",
        author_handle="xmpl_ministry",
        review="none",
        checked_at=None,
    )
    assert "We will publish it." in panel(staff, live)
    url = f"/admin/campaigns/campaign/{live.pk}/log/{said.pk}/"
    assert "We will publish it." in staff.get(url).content.decode()
    assert Response.objects.count() == 0
    for _ in range(2):
        assert staff.post(url).status_code == 302
    response = Response.objects.get()
    assert (response.words, response.link, response.speaker, response.where) == (
        said.text,
        said.url,
        live.target.name,
        "X",
    )
    assert response.said_at == said.posted_at
    assert "Log it as a response" not in panel(staff, live)
    assert "We will publish it." in client.get(f"/c/{live.slug}/progress/").content.decode()


def test_only_those_who_may_edit_campaigns_do_any_of_it(live):
    moderator = make_staff("mo@example.org", groups=[Group.objects.get(name="moderator")], superuser=False)
    browser = logged_in(moderator)
    day = factories.day_of_action(live)
    update = Update.objects.create(campaign=live, title="x", text="x", published_at=timezone.now())
    said = factories.tweet(live.tweet_action, kind="target", target=live.target)
    for url in (
        f"/admin/campaigns/keymoment/{day.pk}/move/",
        f"/admin/campaigns/update/{update.pk}/mail/",
        f"/admin/campaigns/campaign/{live.pk}/log/{said.pk}/",
    ):
        assert browser.post(url, {"sure": "yes"}).status_code == 403
    update.refresh_from_db()
    assert update.mailing_at is None


def test_the_panel_tells_what_wants_a_person(staff, live, settings):
    live.tweet_action.budget = 5
    live.tweet_action.save()
    Charge.objects.create(action=live.tweet_action, purpose="counts", reserved=5)
    now = timezone.now()
    query = live.tweet_action.queries.get()
    Gap.objects.create(
        query=query, after_id=id_at(now - timedelta(days=9)), before_id=id_at(now - timedelta(days=8)), lost_at=now
    )
    factories.tweet(live.tweet_action, review="none", checked_at=None)
    text = panel(staff, live, "x")
    assert "1 text in use" in text
    assert "Fewer than 20" in text
    assert "X has cost US$5.00 of US$5.00" in text
    assert "There is not enough money for:" in text
    assert "a sample of matching posts" in text
    assert "We could not read the posts from" in text
    assert "1 post to look at" in text
    assert "X is not connected" in text
    assert "1 post to look at" in Html(staff.get(change(live))).one(".outcry-head").text


def test_parts_become_samples_that_staff_see_and_veto(staff, live):
    form = form_of(staff.get(place(live, "parts")))
    for kind, texts in {
        "opening": ["What is in it?", "We drink this.", "Fish die."],
        "ask": ["Publish it .{target}", "Open it .{target}!"],
    }.items():
        for text in texts:
            added(form, "parts", kind=kind, language="en", text=text)
    save(staff, place(live, "parts"), form)
    assert SamplePart.objects.count() == 5
    combined = SampleTweet.objects.filter(is_combined=True)
    assert combined.count() == 6
    page = staff.get(f"/admin/actions/sampletweet/?action__id__exact={live.tweet_action.pk}").content.decode()
    assert "What is in it? Publish it" in page
    chosen = combined.first()
    data = {"action": "veto", "_selected_action": [chosen.pk]}
    staff.post("/admin/actions/sampletweet/", data)
    chosen.refresh_from_db()
    assert chosen.is_vetoed
    assert chosen.history.first().history_user is not None
    save(staff, place(live, "parts"), form_of(staff.get(place(live, "parts"))))
    assert SampleTweet.objects.get(pk=chosen.pk).is_vetoed


def test_several_targets_are_chosen_in_the_campaign_and_change_the_query(staff, live):
    council = factories.target(x_handle="xmpl_council")
    form = form_of(staff.get(place(live, "action"))) | {"more_targets": [council.pk]}
    confirm(staff, place(live, "action"), form)
    live.tweet_action.refresh_from_db()
    assert live.tweet_action.targets[1] == council
    assert live.tweet_action.query == "#OpenTheRiverReport (@xmpl_ministry OR @xmpl_council) -is:retweet"


def test_posts_are_chosen_for_the_wall_and_links_judged_by_hand(staff, live):
    post = factories.tweet(live.tweet_action, review="none", checked_at=None)
    staff.post("/admin/actions/tweet/", {"action": "approve", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.review == Tweet.Review.APPROVED
    staff.post("/admin/actions/tweet/", {"action": "refuse", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert (post.review, post.checked_at) == (Tweet.Review.REFUSED, None)
    link = LinkedPost.objects.create(action=live.tweet_action, post_id=5)
    staff.post("/admin/actions/linkedpost/", {"action": "verify", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert link.verified_at
    assert "5" in staff.get("/admin/actions/linkedpost/").content.decode()


def test_a_recap_is_put_together_from_text_posts_and_responses(staff, live, client):
    recap = Recap.objects.create(campaign=live, text="How it went", published_at=timezone.now())
    post = factories.tweet(live.tweet_action, text="A voice")
    factories.tweet(factories.tweet_action(target=live.target), text="Not of this campaign")
    response = Response.objects.create(campaign=live, speaker="M", where="x", words="Yes.")
    url = f"/admin/campaigns/recap/{recap.pk}/change/"
    page = staff.get(url).content.decode()
    form = form_of(page)
    added(form, "entries", position="1", text="First", tweet=post.pk)
    added(form, "entries", position="2", text="", response=response.pk)
    save(staff, url, form)
    text = client.get(f"/c/{live.slug}/recap/").content.decode()
    assert text.index("First") < text.index("A voice") < text.index("Yes.")
    form = form_of(staff.get(url))
    added(form, "entries", position="3", text="", response=response.pk, tweet=post.pk)
    refused = staff.post(url, form)
    assert "not both" in refused.content.decode()


def picture():
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


@pytest.mark.requirement("A22")
def test_pictures_for_the_press_are_drawn_anew_and_what_is_none_is_refused(staff, live):
    kit = PressKit.objects.create(campaign=live, text="x", contact="x")
    url = f"/admin/campaigns/presskit/{kit.pk}/change/"
    form = form_of(staff.get(url))
    added(form, "images", alt="A river", credit="Network", picture=picture())
    save(staff, url, form)
    image = kit.images.get()
    assert (image.width, image.height) == (8, 6)
    assert bytes(image.content).startswith(b"\xff\xd8")
    form = form_of(staff.get(url))
    added(
        form,
        "images",
        alt="A trick",
        credit="x",
        picture=SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>", "image/svg+xml"),
    )
    refused = staff.post(url, form)
    assert "We can&#x27;t read this picture" in refused.content.decode()
    assert kit.images.count() == 1
    assert "journalists" in staff.get(place(live, "press")).content.decode()


@pytest.mark.requirement("A22")
def test_the_picture_of_a_page_is_drawn_anew_and_needs_a_description(staff, client, live):
    form = form_of(staff.get(change(live))) | {"about": "We **live** by the river."}
    added(form, "pictures", kind="page", alt="A river", focus_x="50", focus_y="50", picture=picture())
    added(form, "pictures", kind="logo", alt="Our sign", focus_x="50", focus_y="50", picture=picture())
    save(staff, change(live), form)
    page = Html(client.get(live.get_absolute_url()))
    assert page.values("img.picture", "alt") == ["A river", "Our sign"]
    assert "We live by the river." in page.one("section[aria-labelledby=organiser]").text
    for source in page.values("img.picture", "src"):
        response = client.get(source)
        assert response.content.startswith(b"\xff\xd8")
        assert response["Cache-Control"] == "public, max-age=3600"
        assert client.get(source.replace("-", "-0")).status_code == 404
    form = form_of(staff.get(change(live)))
    refused = staff.post(change(live), form | {"pictures-0-alt": "", "pictures-0-focus_x": "101"}).content.decode()
    assert "100" in refused
    assert [row.alt for row in live.pictures.all()] == ["A river", "Our sign"]


@pytest.mark.parametrize(
    ("where", "prefix", "values", "message"),
    [
        ("moment", "", {"title": "x", "starts_at_0": "2026-06-15", "starts_at_1": "10:00", "ends_at_0": "2026-06-14", "ends_at_1": "10:00"}, "A moment must end after it starts."),
        ("response", "", {"speaker": "x", "where": "x", "words": "x", "said_at_0": "2026-06-15", "said_at_1": "10:00", "outcome": "met"}, "or leave both empty"),
        ("action", "contaminations", {"start_0": "2026-06-15", "start_1": "10:00", "end_0": "2026-06-14", "end_1": "10:00", "reason": "x"}, "A span must end after it starts."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_as_a_whole_is_said_at_one_of_its_fields(staff, live, where, prefix, values, message):
    form = form_of(staff.get(place(live, where)))
    if prefix:
        added(form, prefix, **values)
    response = staff.post(place(live, where), form | ({} if prefix else values))
    assert message in Html(response).without(".outcry-errors").text


@pytest.mark.parametrize(
    ("headline", "taken"), [("Open it!", False), ("Open it, .@XMPL_ministry!", True), ("Open it, @xmpl_council", True)]
)
def test_the_headline_of_a_live_campaign_is_a_post_to_a_target(staff, live, headline, taken):
    live.tweet_action.more_targets.add(factories.target(x_handle="xmpl_council"))
    form = form_of(staff.get(change(live))) | {"headline": headline}
    response = staff.post(change(live), form)
    assert (response.status_code == 302) is taken
    if not taken:
        assert "Please put the target&#x27;s handle into it" in response.content.decode()


def test_a_hashtag_that_is_kept_back_does_not_stand_in_the_headline(staff, live):
    live.tweet_action.hashtag_from = timezone.now() + timedelta(days=1)
    live.tweet_action.save()
    form = form_of(staff.get(change(live)))
    assert "leave it out of the headline" in staff.post(change(live), form).content.decode()


def test_the_same_part_or_a_sample_that_parts_give_already_is_said_and_nothing_is_lost(staff, live):
    where = place(live, "parts")
    form = form_of(staff.get(where))
    for _ in range(2):
        added(form, "parts", kind="ask", language="en", text="Publish it all .{target}")
    response = staff.post(where, form)
    assert "Two parts say the same." in Html(response).text
    assert form_of(response)["parts-1-text"] == "Publish it all .{target}"
    SamplePart.objects.create(action=live.tweet_action, kind="ask", language="en", text="Open the archive .{target}")
    save(staff, where, form_of(staff.get(where)))
    form = form_of(staff.get(place(live, "texts")))
    added(form, "samples", text="Open the archive .{target}", language="en", is_offered="on")
    assert "The parts already make this text" in Html(staff.post(place(live, "texts"), form)).text


def test_a_hashtag_that_the_headline_shows_can_not_be_kept_back(staff, live):
    form = form_of(staff.get(place(live, "action"))) | {"hashtag_from_0": "2030-01-01", "hashtag_from_1": "10:00:00"}
    assert "leave it out there until then" in Html(staff.post(place(live, "action"), form)).text
