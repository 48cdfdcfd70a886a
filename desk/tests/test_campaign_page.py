"""Staff make and run a campaign in one place."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from actions.models import SampleTweet, Tweet
from campaigns.models import Campaign, Outcome, Response, Status, Update
from petitions import tally
from petitions.models import Signature
from tests import factories
from tests.html import Html, errors_of, form_of

pytestmark = pytest.mark.django_db
ADD = "/admin/campaigns/campaign/add/"


def added(fields, prefix, **values):
    """One more row in the inline formset `prefix`."""
    number = int(fields[f"{prefix}-TOTAL_FORMS"])
    fields[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    for name, value in values.items():
        fields[f"{prefix}-{number}-{name}"] = value


def save(client, url, fields):
    response = client.post(url, fields)
    assert response.status_code == 302, errors_of(response) or response.content.decode()[-3000:]


def confirm(client, url, fields):
    """Saves what the page asks about first."""
    asked = client.post(url, fields)
    assert Html(asked).find("[name=then-sure]"), errors_of(asked)
    save(client, url, form_of(asked))


def change(campaign):
    return f"/admin/campaigns/campaign/{campaign.pk}/change/"


def place(campaign, page):
    """Where one of its pages is; those of which it has many are made at `moment`, `update`, `response`."""
    return f"/admin/campaigns/campaign/{campaign.pk}/{page}/"


def page_of(part):
    """Where one of these is, that exists."""
    return f"/admin/campaigns/{part._meta.model_name}/{part.pk}/change/"


def add(client, campaign, kind, **values):
    save(client, place(campaign, kind), form_of(client.get(place(campaign, kind))) | values)


def go_live(client, campaign):
    """By the step, with a tick for all that may be lacking."""
    ticks = Html(client.get(place(campaign, "live"))).values(".outcry-step [type=checkbox]", "name")
    save(client, place(campaign, "live"), dict.fromkeys(ticks, "on"))
    campaign.refresh_from_db()


def read_terms(client, campaign, **said):
    """Says that somebody has read what X wants."""
    save(
        client,
        f"/admin/campaigns/campaign/{campaign.pk}/terms/",
        {"name": "Sam Example", "has_read": "on", "approval": ""} | said,
    )


def close(client, campaign):
    save(client, f"/admin/campaigns/campaign/{campaign.pk}/close/", {})
    campaign.refresh_from_db()


empty = {}


def whole(client, **fields):
    """The form of a new campaign with petition, target, action, sample, demand. Fetched once: it is the same in every test."""
    if not empty:
        empty.update(form_of(client.get(ADD)))
    typed = {
        "headline": "Open the report, .@xmpl_ministry! #River",
        "slug": "river",
        "goal_statement": "The report is public.",
        "signature_goal": "1000",
        "tweet_goal": "500",
        "organiser": "Network",
        "time_zone": "Europe/Madrid",
        "petition-title": "The petition",
        "petition-text": "Publish it.",
        "tweetaction-hashtag": "River",
        "target-name": "Ministry",
        "target-kind": "institution",
        "target-x_handle": "xmpl_ministry",
        "target-reason": "It decides.",
        "sampletweet-text": "Publish it .@xmpl_ministry #River",
        "demand-title": "Publish the report",
    }
    return empty | typed | fields


def test_the_progress_is_on_top(staff, live):
    factories.signature(live.petition)
    tally.settle_all()
    page = staff.get(change(live)).content.decode()
    assert 'aria-label="signatures 1% of the goal, tweets not known yet"' in page
    listed = staff.get("/admin/campaigns/campaign/").content.decode()
    assert live.headline in listed


def test_a_response_moves_a_demand_and_all_is_in_the_history(staff, live):
    demand = live.demands.get()
    add(
        staff,
        live,
        "response",
        speaker="Minister",
        said_at_0="2026-06-16",
        said_at_1="10:00:00",
        where="in parliament",
        words="We will.",
        demand=str(demand.pk),
        outcome="promised",
    )
    demand.refresh_from_db()
    assert (demand.outcome, demand.since.isoformat()) == (Outcome.PROMISED, "2026-06-16")
    assert Response.objects.get().history.get().history_user.email == "staff@example.org"
    assert demand.history.first().history_user.email == "staff@example.org"
    assert demand.history.first().outcome == "promised"


def test_an_update_is_published(staff, live, client):
    add(staff, live, "update", title="We grow", text="**Many**", published_at_0="2026-06-16", published_at_1="10:00:00")
    assert Update.objects.get().history.count() == 1
    assert "We grow" in client.get(f"/c/{live.slug}/updates/").content.decode()


def test_every_change_is_in_the_objects_history(staff, live):
    form = form_of(staff.get(change(live)))
    save(staff, change(live), form | {"goal_statement": "A new goal"})
    newest = live.history.first()
    assert (newest.goal_statement, newest.history_user.email) == ("A new goal", "staff@example.org")
    page = staff.get(f"/admin/campaigns/campaign/{live.pk}/history/")
    assert page.status_code == 200
    assert "staff" in page.content.decode()


def test_the_slug_stays_after_the_launch(staff, live):
    form = form_of(staff.get(change(live)))
    assert "slug" not in form
    save(staff, change(live), form | {"slug": "another"})
    live.refresh_from_db()
    assert live.slug != "another"


def test_closing_closes_the_petition(staff, live):
    close(staff, live)
    live.petition.refresh_from_db()
    assert live.petition.closes_at
    assert not Campaign.objects.get(pk=live.pk).tweet_action.is_tracking


def test_a_launched_campaign_is_not_deleted(staff, live):
    assert staff.post(f"/admin/campaigns/campaign/{live.pk}/delete/", {"post": "yes"}).status_code == 403


def test_signatures_are_reviewed_never_written(staff, live):
    row = factories.signature(live.petition)
    assert staff.get("/admin/petitions/signature/add/").status_code == 403
    assert staff.post(f"/admin/petitions/signature/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    url = f"/admin/petitions/signature/{row.pk}/change/"
    assert staff.get("/admin/petitions/signature/").status_code == 200
    staff.post(url, {"review": "removed", "name": "Changed", "country": "FR"})
    row.refresh_from_db()
    assert (row.review, row.name, row.country) == ("none", "Ana Example", "ES")
    for action, counted in (("quarantine", 0), ("restore", 1), ("remove_automated", 0), ("restore", 1)):
        response = staff.post("/admin/petitions/signature/", {"action": action, "_selected_action": str(row.pk)})
        assert response.status_code == 302
        tally.settle_all()
        assert tally.confirmed(live.petition) == counted, action
    tally.settle_all()
    assert tally.confirmed(live.petition) == 1


def test_uncertain_mails_are_shown(staff, live):
    row = factories.signature(
        live.petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now() - timedelta(days=1), mail_attempts=2
    )
    assert "uncertain" in staff.get(f"/admin/petitions/signature/{row.pk}/change/").content.decode()
    assert Signature.objects.uncertain().get() == row
    other = factories.signature(live.petition)
    page = staff.get("/admin/petitions/signature/?mail=uncertain").content.decode()
    assert str(row.pk) in page
    assert str(other.pk) not in page


def test_what_the_target_said_is_one_filter_away(staff, live):
    Tweet.objects.create(
        action=live.tweet_action,
        post_id=5,
        root_id=5,
        kind="target",
        target=live.target,
        text="We will.",
        posted_at=timezone.now(),
        author_handle="m",
    )
    page = staff.get("/admin/actions/tweet/?kind__exact=target").content.decode()
    assert "We will." in page
    assert "https://x.com/m/status/5" in page


@pytest.mark.parametrize(
    "page",
    [
        "actions/target/",
        "actions/endpoint/",
        "actions/tweet/",
        "petitions/petition/",
        "accounts/user/",
        "auth/group/",
        "",
    ],
)
def test_every_list_opens(staff, live, page):
    if page != "auth/group/":
        assert staff.get(f"/admin/{page}").status_code == 200


def test_the_list_of_campaigns_asks_the_same_number_of_questions_for_3_and_30(
    staff, client, django_assert_max_num_queries
):
    target = factories.target()
    for page, browser, most in (("/admin/campaigns/campaign/", staff, 19), ("/", client, 15)):
        asked = []
        for rows in (3, 27):
            for _ in range(rows):
                factories.campaign(tweet_action=factories.tweet_action(target=target))
            with django_assert_max_num_queries(most) as captured:
                assert browser.get(page).status_code == 200
            asked.append(len(captured))
        assert asked[1] <= asked[0], page


def answered(staff, live, *answers):
    """Log answers to the one demand, through the admin: (day of June 2026, outcome)."""
    demand = live.demands.get()
    for day, outcome in answers:
        add(
            staff,
            live,
            "response",
            speaker="Minister",
            said_at_0=f"2026-06-{day:02}",
            said_at_1="10:00:00",
            where="x",
            words="x",
            demand=str(demand.pk),
            outcome=outcome,
        )
    return demand


def state(demand):
    demand.refresh_from_db()
    return demand.outcome, demand.since.isoformat()


def test_the_newest_answer_decides_and_a_mended_typo_moves_nothing(staff, live):
    demand = answered(staff, live, (1, "acknowledged"), (5, "met"))
    assert state(demand) == ("met", "2026-06-05")
    before = demand.history.count()
    for response in live.responses.all():
        where = page_of(response)
        save(staff, where, form_of(staff.get(where)) | {"words": "A typo mended"})
    assert set(live.responses.values_list("words", flat=True)) == {"A typo mended"}
    assert state(demand) == ("met", "2026-06-05")
    assert demand.history.count() == before


def test_a_corrected_date_or_a_withdrawn_answer_is_followed(staff, live):
    demand = answered(staff, live, (1, "acknowledged"), (5, "met"))
    where = page_of(live.responses.get(outcome="met"))
    save(staff, where, form_of(staff.get(where)) | {"said_at_0": "2026-06-03"})
    assert state(demand) == ("met", "2026-06-03")
    staff.post(
        f"/admin/campaigns/response/{live.responses.get(outcome='met').pk}/withdraw/", {"because": "It was a hoax."}
    )
    assert state(demand) == ("acknowledged", "2026-06-01")


def test_a_public_answer_is_not_taken_back_by_emptying_it(staff, live):
    demand = answered(staff, live, (1, "acknowledged"))
    where = page_of(live.responses.get())
    response = staff.post(where, form_of(staff.get(where)) | {"demand": "", "outcome": ""})
    assert "Withdraw it with a reason" in response.content.decode()
    assert state(demand) == ("acknowledged", "2026-06-01")


def test_an_outcome_that_staff_set_later_stays(staff, live):
    demand = answered(staff, live, (1, "acknowledged"))
    demand.outcome, demand.since = "met", timezone.now().date()
    demand.save()
    answered(staff, live, (2, "promised"))
    assert demand.history.first().outcome == "met"


def test_reopening_opens_signing_again_and_is_in_the_petitions_history(staff, live):
    for turn, is_open in ((close, False), (go_live, True)):
        turn(staff, live)
        live.petition.refresh_from_db()
        assert live.petition.is_open is is_open
    assert [record.closes_at is None for record in live.petition.history.all()][:2] == [True, False]


@pytest.mark.requirement("A29")
@pytest.mark.parametrize("before", Status.values)
def test_the_form_moves_no_campaign_from_one_status_to_another(staff, before):
    """Each way is a step of its own; the form shows where it is, and takes nothing else."""
    campaign = factories.campaign(
        status=before, launched_at=None if before in ("draft", "interest") else timezone.now()
    )
    where = place(campaign, "safety")
    page = staff.get(where)
    assert not Html(page).find("#id_status:not([disabled])")
    for status in Status.values:
        with transaction.atomic():
            staff.post(where, form_of(page) | {"status": status})
            assert Campaign.objects.get(pk=campaign.pk).status == before
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"signature_goal": "0"}, "greater than or equal to 1"),
        ({"demands-0-since": "0001-01-01"}, "check the year"),
        ({"demands-0-since": "9999-12-31"}, "check the year"),
    ],
)
def test_slips_of_the_pen_are_said_at_the_field(staff, live, fields, message):
    form = form_of(staff.get(change(live)))
    response = staff.post(change(live), form | fields)
    assert response.status_code == 200
    assert message in response.content.decode()


def test_uncertain_mails_can_be_sent_again_or_left(staff, live):
    rows = [
        factories.signature(
            live.petition,
            confirmed=False,
            mailed_at=None,
            mail_due_at=timezone.now() - timedelta(days=1),
            mail_attempts=2,
        )
        for _ in range(2)
    ]
    for row, action in zip(rows, ("send_again", "send_no_more"), strict=True):
        staff.post("/admin/petitions/signature/", {"action": action, "_selected_action": str(row.pk)})
    again, left = (Signature.objects.get(pk=row.pk) for row in rows)
    assert Signature.objects.due().get() == again
    assert left.mail_due_at is None
    assert Signature.objects.uncertain().count() == 0


@pytest.mark.parametrize("model", ["demand", "response", "update", "keymoment", "recap"])
def test_the_history_of_every_part_can_be_read(staff, live, model):
    assert staff.get(f"/admin/campaigns/{model}/").status_code == 200
    if model == "demand":
        assert staff.get(f"/admin/campaigns/demand/{live.demands.get().pk}/history/").status_code == 200


@pytest.mark.parametrize("page", ["signature", "alert"])
@pytest.mark.parametrize("choice", ["x", "", "\0", "99999999999999999999999"])
def test_a_mangled_choice_is_answered_with_a_word(staff, live, page, choice):
    action = {"signature": "quarantine", "alert": "seen"}[page]
    assert staff.post(f"/admin/petitions/{page}/", {"action": action, "_selected_action": choice}).status_code in (
        200,
        302,
    )


def test_staff_choose_words_for_links_and_see_the_links(staff, live):
    form = form_of(staff.get(place(live, "press")))
    added(form, "sources", word="leaflet", note="At the market")
    save(staff, place(live, "press"), form)
    assert live.sources.get().note == "At the market"
    assert f"http://testserver/c/{live.slug}/from/leaflet/" in staff.get(place(live, "press")).content.decode()


def test_a_word_that_our_own_links_have_is_refused(staff, live):
    form = form_of(staff.get(place(live, "press")))
    added(form, "sources", word="whatsapp")
    assert "Our own links already use this word" in staff.post(place(live, "press"), form).content.decode()
    assert not live.sources.exists()


def test_staff_read_ten_texts_as_they_go_out(staff, live):
    live.tweet_action.samples.all().delete()
    for number in range(30):
        SampleTweet.objects.create(action=live.tweet_action, text=f"{{target}}, number {number}", has_link=number % 2)
    shown = Html(staff.get(place(live, "x"))).texts(".outcry-progress details li")
    assert len(shown) == 10
    assert all(text.startswith(".@xmpl_ministry, number ") for text in shown)
    assert {f"http://testserver/c/{live.slug}/from/x/" in text for text in shown} == {True, False}
