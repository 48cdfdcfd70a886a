"""Two of the staff press Save, or a button, in the same instant: what both did holds, or the second is told; nothing is done twice.

Each of these tests fails when the lock that it is about is taken out."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from actions.models import SampleTweet, TweetAction
from campaigns.models import Campaign, Demand, DemandTranslation, Status, Update
from desk.tests.test_campaign_page import change
from desk.tests.test_going_live import TICKS, place
from tests import factories
from tests.at_once import at_once
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two():
    """Two browsers, each of somebody else."""
    return [logged_in(make_staff(f"{name}@example.org")) for name in ("ana", "bea")]


def sent(*presses, writes):
    """The answers to POSTs, each (browser, address, form), that come in the same instant, in this order."""
    return at_once(lambda press: press[0].post(*press[1:]), presses, writes=writes)


def statuses(answers):
    return [answer.status_code for answer in answers]


@pytest.mark.requirement("A30")
def test_two_who_save_one_campaign_both_have_what_they_wrote(two, live):
    ana, bea = two
    where, form = change(live), form_of(ana.get(change(live)))
    answers = sent(
        (ana, where, form | {"goal_statement": "All of it is public."}),
        (bea, where, form | {"organiser": "River Friends"}),
        writes=Campaign,
    )
    live.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert (live.goal_statement, live.organiser) == ("All of it is public.", "River Friends")


def test_two_who_change_one_field_are_told_and_the_first_stays(two, live):
    ana, bea = two
    where, form = change(live), form_of(ana.get(change(live)))
    answers = sent(
        (ana, where, form | {"goal_statement": "All of it is public."}),
        (bea, where, form | {"goal_statement": "Half of it is public."}),
        writes=Campaign,
    )
    live.refresh_from_db()
    assert statuses(answers) == [302, 200]
    assert live.goal_statement == "All of it is public."
    assert "Meanwhile, somebody else has changed this" in Html(answers[1]).text


def test_two_who_change_one_row_of_a_campaign_both_have_what_they_wrote(two, live):
    ana, bea = two
    where, form = change(live), form_of(ana.get(change(live)))
    answers = sent(
        (ana, where, form | {"demands-0-title": "Publish all of it"}),
        (bea, where, form | {"demands-0-position": "7"}),
        writes=Demand,
    )
    demand = live.demands.get()
    assert statuses(answers) == [302, 302]
    assert (demand.title, demand.position) == ("Publish all of it", 7)


@pytest.mark.requirement("A30")
def test_a_row_is_locked_from_whichever_page_it_is_saved(two, live):
    """A text to post has a page of its own besides that of its campaign."""
    ana, bea = two
    sample = live.tweet_action.samples.get()
    own = f"/admin/actions/sampletweet/{sample.pk}/change/"
    texts = place(live, "texts")
    form = form_of(ana.get(texts))
    field = next(name for name, value in form.items() if name.endswith("-text") and value == sample.text)
    answers = sent(
        (bea, own, form_of(bea.get(own)) | {"is_vetoed": "on"}),
        (ana, texts, form | {field: "Publish it now, .@xmpl_ministry #OpenTheRiverReport"}),
        writes=SampleTweet,
    )
    sample.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert (sample.is_vetoed, sample.text.partition(",")[0]) == (True, "Publish it now")


@pytest.mark.requirement("A30")
def test_of_two_who_translate_one_text_the_second_is_told(two, live):
    ana, bea = two
    where = f"/admin/campaigns/campaign/{live.pk}/languages/?language=fr"
    form, key = form_of(ana.get(where)), f"demand-{live.demands.get().pk}-title"
    answers = sent(
        (ana, where, form | {key: "Publier le rapport"}),
        (bea, where, form | {key: "Publiez"}),
        writes=DemandTranslation,
    )
    assert statuses(answers) == [302, 422]
    assert DemandTranslation.objects.get().title == "Publier le rapport"
    assert "Publier le rapport" in Html(answers[1]).one("form .errorlist").text


def test_two_who_translate_one_demand_both_have_what_they_wrote(two, live):
    ana, bea = two
    Demand.objects.update(evidence="It was read out.")
    where = f"/admin/campaigns/campaign/{live.pk}/languages/?language=fr"
    form, pk = form_of(ana.get(where)), live.demands.get().pk
    answers = sent(
        (ana, where, form | {f"demand-{pk}-title": "Publier le rapport"}),
        (bea, where, form | {f"demand-{pk}-evidence": "Il a été lu."}),
        writes=DemandTranslation,
    )
    said = DemandTranslation.objects.get()
    assert statuses(answers) == [302, 302]
    assert (said.title, said.evidence) == ("Publier le rapport", "Il a été lu.")


@pytest.mark.requirement("A29")
def test_two_who_press_go_live_launch_it_once(two):
    draft = factories.campaign(status=Status.DRAFT, launched_at=None)
    before = draft.history.count()
    answers = sent(*((browser, place(draft), TICKS) for browser in two), writes=Campaign)
    draft.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert (draft.status, draft.history.count()) == (Status.LIVE, before + 1)
    assert LogEntry.objects.count() == 1


def test_two_who_announce_it_announce_it_once(two):
    draft = factories.campaign(status=Status.DRAFT, launched_at=None, pledge_threshold=5)
    ticks = dict.fromkeys(("moments", "safety"), "on")
    answers = sent(*((browser, place(draft, "announce"), ticks) for browser in two), writes=Campaign)
    draft.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert (draft.status, LogEntry.objects.count()) == (Status.INTEREST, 1)


def test_two_who_press_close_close_it_once(two, live):
    before = live.history.count()
    answers = sent(*((browser, place(live, "close"), {}) for browser in two), writes=Campaign)
    live.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert (live.status, live.history.count(), LogEntry.objects.count()) == (Status.CLOSED, before + 1, 1)


@pytest.mark.requirement("A29")
@pytest.mark.parametrize("first", ["close", "live"])
def test_of_going_live_and_closing_one_comes_after_the_other(two, first):
    announced = factories.campaign(status=Status.INTEREST, launched_at=None, pledge_threshold=5)
    presses = [(two[0], place(announced, "close"), {}), (two[1], place(announced), TICKS)]
    sent(*(presses if first == "close" else reversed(presses)), writes=Campaign)
    now = Campaign.objects.whole().get()
    assert now.status == (Status.LIVE if first == "close" else Status.CLOSED)
    # Whatever came last, its petition and its tweet action go along.
    assert now.petition.is_open is now.is_live
    assert now.tweet_action.is_tracking is False, "nobody has read X's terms"


@pytest.mark.requirement("A32")
def test_two_who_mail_an_update_begin_it_once(two, live):
    update = Update.objects.create(campaign=live, title="News", text="x", published_at=timezone.now())
    where = f"/admin/campaigns/update/{update.pk}/mail/"
    later = timezone.now() + timedelta(days=2)
    at = {"do": "begin", "at_0": f"{later:%Y-%m-%d}", "at_1": "10:00:00"}
    answers = sent((two[0], where, {"do": "begin"}), (two[1], where, at), writes=Update)
    update.refresh_from_db()
    assert statuses(answers) == [302, 302]
    assert update.mailing_at < later - timedelta(days=1), "as the first one said"
    assert LogEntry.objects.count() == 1


def terms(name):
    return {"name": name, "has_read": "on", "approval": f"{name} 1"}


def test_of_two_who_state_the_terms_the_second_is_told(two, live):
    TweetAction.objects.update(terms_wanted=True)
    presses = [(browser, place(live, "terms"), terms(name)) for browser, name in zip(two, ("Ana", "Bea"), strict=True)]
    answers = sent(*presses, writes=TweetAction)
    action = TweetAction.objects.get()
    assert statuses(answers) == [302, 422]
    assert (action.terms_read_by, action.x_approval) == ("Ana", "Ana 1")
    assert (action.is_tracking, LogEntry.objects.count()) == (True, 1)


@pytest.mark.requirement("A29")
def test_x_is_not_asked_for_a_campaign_that_is_closed_while_somebody_states_the_terms(two, live):
    TweetAction.objects.update(terms_wanted=True)
    presses = (two[0], place(live, "terms"), terms("Ana")), (two[1], place(live, "close"), {})
    answers = sent(*presses, writes=TweetAction)
    now = Campaign.objects.whole().get()
    assert statuses(answers) == [302, 302]
    assert (now.status, now.tweet_action.is_tracking) == (Status.CLOSED, False)
