"""Each switch, thrown by staff in the admin and met by visitors: what they read, what is kept, and that it comes back."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import get_resolver, reverse
from django.utils import timezone

from actions import asking, conditions
from actions.models import Endpoint, Opening, Purpose, TrackingQuery, TweetAction
from actions.x.answers import Reads
from campaigns import switching
from campaigns import tasks as campaign_tasks
from campaigns.finding import find
from campaigns.models import Pledge, Reminder, SwitchState
from core import changes, switches
from core.crypto import tokens
from core.mail import outbox
from core.models import StaffMail
from core.switches import TOLD, Switch
from core.tasks import send_mails
from core.web import kept_pages
from operations.watching import readiness, timing
from petitions import mails, tally, tasks
from petitions.models import LinkRequest, Signature
from progress.views import report
from public.mails import PLEDGE
from public.tests.test_kept_pages import Front
from tests import factories
from tests.factories import typed
from tests.html import Html, form_of
from tests.login import make_staff
from tests.safety.test_privacy import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def throw(staff):
    """Throws a switch as staff do, of a campaign or, with None, of the whole site."""

    def threw(campaign, switch, to="off"):
        place = f"/admin/campaigns/campaign/{f'{campaign.pk}/' if campaign else ''}switches/"
        form = form_of(staff.get(f"{place}?switch={switch.value}"))
        assert form["to"] == to
        assert staff.post(place, form | {"reason": "Too many at once"}).status_code == 302

    return threw


def notices(page):
    return Html(page).texts(".notice[role=status]")


def refused(answer, switch):
    """503, when to come again, and the plain words."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert str(TOLD[switch]) in Html(answer).text
    return Html(answer)


def paused(client, campaign):
    return client.get(f"/c/{campaign.slug}/progress.json").json()["paused"]


@pytest.mark.parametrize("everywhere", [False, True])
def test_signing(client, live, throw, everywhere, caplog):
    other, where, place = factories.campaign(), None if everywhere else live, f"/c/{live.slug}/sign/"
    throw(where, Switch.SIGNING)
    page = client.get(f"/c/{live.slug}/")
    assert notices(page) == [str(TOLD[Switch.SIGNING])]
    assert Html(page).find("#sign-form form, .sign-bar") == []
    answer = refused(client.post(place, typed(name="Ana Perez", comment="My river.")), Switch.SIGNING)
    kept = form_of(answer, "#sign-form form")
    assert [kept[name] for name in ("name", "email", "country", "comment")] == [
        "Ana Perez",
        "ana@example.org",
        "ES",
        "My river.",
    ]
    assert Signature.objects.count() == 0
    assert caplog.text == ""
    assert paused(client, live) == ["signing"]
    assert paused(client, other) == (["signing"] if everywhere else [])
    assert client.post(f"/c/{other.slug}/sign/", typed()).status_code == (503 if everywhere else 303)
    throw(where, Switch.SIGNING, to="on")
    assert notices(client.get(f"/c/{live.slug}/")) == paused(client, live) == []
    assert client.post(place, kept).status_code == 303


def test_a_second_mail_and_another_address_wait_too(client, live, throw):
    sent = client.post(f"/c/{live.slug}/sign/", typed()).url
    throw(live, Switch.SIGNING)
    refused(client.post(sent), Switch.SIGNING)
    change = Html(client.get(sent)).one("a[href$='/change/']")["href"]
    assert form_of(client.get(change), "#sign-form form")["email"] == "ana@example.org"


def test_confirming_and_links_that_outlive_it(client, live, throw):
    row, late = (factories.signature(live.petition, confirmed=False) for _ in range(2))
    place, began = f"/confirm/{tokens.make('confirm', row.pk)}/", timezone.now()
    throw(live, Switch.CONFIRMING)
    page = client.get(place)
    assert (page.status_code, notices(page)) == (200, [str(TOLD[Switch.CONFIRMING])])
    assert Html(page).find("main form") == []
    answer = refused(client.post(place, typed(name="Ana Changed")), Switch.CONFIRMING)
    assert form_of(answer, "main form")["name"] == "Ana Changed"
    assert not Signature.objects.filter(confirmed_at__isnull=False).exists()
    with time_machine.travel(began + timedelta(days=9)):
        tasks.forget()
        assert client.get(place).status_code == 200
        switching.switch(live, Switch.CONFIRMING, False, make_staff("b@example.org"), "Well again")
    with time_machine.travel(began + timedelta(days=15, hours=23)):
        switches.look()
        tasks.forget()
        assert notices(client.get(place)) == []
        assert client.post(place, typed()).status_code == 303
    with time_machine.travel(began + timedelta(days=16, hours=1)):
        switches.look()
        assert client.get(f"/confirm/{tokens.make('confirm', late.pk)}/").status_code == 410
        tasks.forget()
    assert set(Signature.objects.values_list("pk", flat=True)) == {row.pk}


def test_pledges_are_not_confirmed_either_and_lose_nothing(client, live, throw):
    row = factories.pledge(live, confirmed=False)
    place = f"/pledge/{tokens.make(PLEDGE, row.pk)}/"
    throw(live, Switch.CONFIRMING)
    assert notices(client.get(place)) == [str(TOLD[Switch.CONFIRMING])]
    refused(client.post(place), Switch.CONFIRMING)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        campaign_tasks.forget()
        assert client.get(place).status_code == 200
    throw(live, Switch.CONFIRMING, to="on")
    assert client.post(place).status_code == 200
    assert Pledge.objects.standing().get() == row


def test_the_tweet_step(client, live, throw):
    throw(live, Switch.TWEET_STEP)
    place = f"/c/{live.slug}/act/"
    assert notices(client.get(place)) == [str(TOLD[Switch.TWEET_STEP])]
    for more, field in (("go/x/", "text"), ("another/", "text"), ("link/", "link"), ("go/whatsapp/", "text")):
        answer = refused(client.post(place + more, {field: "Publish <it>, please"}), Switch.TWEET_STEP)
        assert answer.texts("blockquote.typed") == ["Publish <it>, please"]
    assert Opening.objects.count() == 0
    row = factories.signature(live.petition, confirmed=False)
    after = client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed())
    assert after.url.startswith(f"/c/{live.slug}/progress/")
    throw(live, Switch.TWEET_STEP, to="on")
    assert Html(client.get(place)).find("form[data-draft]")
    assert client.post(place + "go/x/", {"text": "Publish it, @xmpl_ministry"}).status_code == 303


def test_a_reminder_is_not_lost_while_the_tweet_step_is_off(live, throw, smtp):
    moment = factories.day_of_action(live, starts_at=timezone.now())
    Reminder.objects.create(
        pledge=factories.pledge(live), moment=moment, starts_at=moment.starts_at, mail_due_at=timezone.now()
    )
    throw(live, Switch.TWEET_STEP)
    campaign_tasks.send_reminders()
    assert len(smtp.received) == 1


def test_live_numbers(client, live, throw):
    throw(live, Switch.LIVE_NUMBERS)
    for page in ("", "progress/"):
        shown = client.get(f"/c/{live.slug}/{page}")
        assert notices(shown) == [str(TOLD[Switch.LIVE_NUMBERS])]
        assert Html(shown).find("[data-live]") == []
    assert paused(client, live) == ["live_numbers"]
    throw(live, Switch.LIVE_NUMBERS, to="on")
    assert Html(client.get(f"/c/{live.slug}/progress/")).one("[data-live]")["data-still"] == str(
        TOLD[Switch.LIVE_NUMBERS]
    )


def test_voices(client, live, throw):
    factories.voice(live.petition)
    throw(live, Switch.VOICES)
    page = client.get(f"/c/{live.slug}/voices/")
    assert (notices(page), page.headers["Cache-Control"]) == ([str(TOLD[Switch.VOICES])], "no-store")
    assert "My river." not in Html(page).text
    throw(live, Switch.VOICES, to="on")
    assert "My river." in Html(client.get(f"/c/{live.slug}/voices/")).text


def test_the_map(client, live, throw):
    factories.signatures(live.petition, 30)
    tally.settle_all()
    factories.told(live.petition)
    place = f"/c/{live.slug}/countries.svg"
    assert client.get(place).status_code == 200
    throw(live, Switch.MAP)
    answer, page = client.get(place), Html(client.get(f"/c/{live.slug}/progress/"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert page.texts(".notice[role=status]") == [str(TOLD[Switch.MAP])]
    assert page.find(f"img[src='{place}']") == []
    throw(live, Switch.MAP, to="on")
    assert Html(client.get(f"/c/{live.slug}/progress/")).one(f"img[src='{place}']")


def waiting(petition, **fields):
    now = timezone.now()
    return factories.signature(petition, confirmed=False, mailed_at=None, mail_due_at=now, **fields)


def test_mails_of_a_campaign_wait_and_lose_nothing(client, live, throw, smtp):
    other, began = factories.campaign(), timezone.now()
    row, theirs, pledge = waiting(live.petition), waiting(other.petition), factories.pledge(live, confirmed=False)
    Pledge.objects.filter(pk=pledge.pk).update(mailed_at=None, mail_due_at=began, campaign=live)
    StaffMail.objects.create(to="s@example.org", subject="x", text="x", mail_due_at=began)
    throw(live, Switch.MAIL)
    tasks.send_confirmations()
    campaign_tasks.send_pledge_mails()
    send_mails()
    assert {to for envelope in smtp.received for to in envelope.rcpt_tos} == {theirs.email, "s@example.org"}
    row.refresh_from_db()
    assert (row.mail_attempts, row.mailed_at) == (0, None)
    assert str(TOLD[Switch.MAIL]) in notices(client.get(f"/c/{live.slug}/check-mail/"))
    with time_machine.travel(began + timedelta(days=20)):
        tasks.forget()
        campaign_tasks.forget()
        switching.switch(live, Switch.MAIL, False, make_staff("b@example.org"), "Well again")
        tasks.send_confirmations()
        row.refresh_from_db()
        assert row.mailed_at is not None
        assert client.get(f"/confirm/{tokens.make('confirm', row.pk)}/").status_code == 200


def test_mails_of_the_site_wait_but_not_those_to_staff(client, live, throw, smtp):
    waiting(live.petition)
    client.post("/my/", {"email": "ana@example.org"})
    StaffMail.objects.create(to="s@example.org", subject="x", text="x", mail_due_at=timezone.now())
    throw(None, Switch.MAIL)
    assert notices(client.get("/my/")) == [str(TOLD[Switch.MAIL])]
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        tasks.forget()
        for send in (tasks.send_confirmations, tasks.send_links, send_mails):
            send()
    assert [envelope.rcpt_tos for envelope in smtp.received] == [["s@example.org"]]
    assert LinkRequest.objects.count() == Signature.objects.count() == 1
    throw(None, Switch.MAIL, to="on")
    tasks.send_confirmations()
    assert len(smtp.received) == 2


def test_a_turn_ends_with_the_mail_during_which_they_are_switched_off(live, smtp):
    by = make_staff("b@example.org")
    for _ in range(3):
        waiting(live.petition)

    def compose(row):
        switching.switch(live, Switch.MAIL, True, by, "Wrong words in it")
        return mails.confirmation(row)

    outbox.take_turn(Signature, compose)
    assert len(smtp.received) == 1
    assert Signature.objects.filter(mailed_at=None, mail_attempts=0).count() == 2


def test_x_is_asked_nothing(client, live, throw, settings):
    settings.X_BEARER_TOKEN, asked = "key", []

    class Answer:
        reads = Reads(requests=1)

    def ask(campaign):
        payer = asking.Payer(campaign.tweet_action, Purpose.COUNTS, Decimal("0.005"))
        asking.ask("counts", payer, lambda x: asked.append(campaign) or Answer())

    other = factories.campaign()
    throw(live, Switch.TRACKING)
    for campaign in (live, other):
        ask(campaign)
    assert asked == [other]
    assert notices(client.get(f"/c/{live.slug}/progress/")) == [str(TOLD[Switch.TRACKING])]
    TweetAction.objects.update(is_tracking=True)
    TrackingQuery.objects.update(since=timezone.now() - timedelta(days=1))
    TrackingQuery.objects.filter(action=other.tweet_action).delete()
    Endpoint.objects.all().delete()
    assert not conditions.x_is_silent()
    throw(live, Switch.TRACKING, to="on")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        switches.look()
        assert conditions.x_is_silent()
    ask(live)
    throw(None, Switch.TRACKING)
    ask(live)
    asking.ask_free("usage", lambda x: asked.append("usage"))
    assert asked == [other, live]


PAGES = ("", "act/", "progress/", "updates/", "wall/", "voices/", "embed/", "check-mail/", "feed.atom")


def test_maintenance_of_a_campaign(client, staff, live, throw):
    other = factories.campaign()
    row = factories.signature(live.petition, confirmed=False)
    throw(live, Switch.MAINTENANCE)
    for page in PAGES:
        refused(client.get(f"/c/{live.slug}/{page}"), Switch.MAINTENANCE)
        assert client.get(f"/c/{other.slug}/{page}").status_code == 200
    for place in (f"/c/{live.slug}/progress.json", f"/petitions/{live.petition.pk}.json"):
        data = client.get(place)
        assert (data.status_code, data.json(), data.headers["Retry-After"]) == (503, {"paused": ["maintenance"]}, "60")
    refused(client.post(f"/c/{live.slug}/sign/", typed()), Switch.MAINTENANCE)
    confirm = f"/confirm/{tokens.make('confirm', row.pk)}/"
    assert notices(client.get(confirm)) == [str(TOLD[Switch.MAINTENANCE])]
    refused(client.post(confirm, typed()), Switch.MAINTENANCE)
    assert staff.get(f"/admin/campaigns/campaign/{live.pk}/change/").status_code == 200
    throw(live, Switch.MAINTENANCE, to="on")
    assert client.get(f"/c/{live.slug}/").status_code == 200
    assert client.post(confirm, typed()).status_code == 303


def test_maintenance_of_the_site(client, staff, live, throw):
    throw(None, Switch.MAINTENANCE)
    for place in ("/", f"/c/{live.slug}/", "/data/"):
        refused(client.get(place), Switch.MAINTENANCE)
    # What is one's own can be looked at, withdrawn and erased, and news refused.
    news = factories.signature(live.petition, updates_at=timezone.now())
    assert client.get("/my/").status_code == client.get("/ar/my/").status_code == 200
    assert client.post(f"/unsubscribe/{tokens.make('unsubscribe', news.pk)}/").status_code < 400
    news.refresh_from_db()
    assert news.updates_at is None
    assert client.get("/healthz").status_code == 200
    assert client.get("/accounts/login/").status_code == 200
    throw(None, Switch.MAINTENANCE, to="on")
    assert client.get("/").status_code == 200


def test_it_is_seen_within_five_seconds_by_whoever_did_not_throw_it(live, settings, monkeypatch):
    """Another process has written the row, and Valkey is away: this one looks once a second, and makes its pages anew."""
    front, path = Front(settings), f"/c/{live.slug}/"
    monkeypatch.setattr(cache, "get", lambda *args, **options: None)
    assert str(TOLD[Switch.SIGNING]) not in front.get(path).body.decode()
    row = SwitchState.objects.create(
        campaign=live, switch=Switch.SIGNING, is_off=True, by=make_staff("b@example.org"), reason="x"
    )
    assert str(TOLD[Switch.SIGNING]) not in front.get(path).body.decode()
    readiness.look()
    assert str(TOLD[Switch.SIGNING]) in front.get(path).body.decode()
    SwitchState.objects.filter(pk=row.pk).update(is_off=False)
    readiness.look()
    assert str(TOLD[Switch.SIGNING]) not in front.get(path).body.decode()
    # The pages of nginx are as old as they say; ours are made anew at once.
    assert readiness.EVERY + kept_pages.FRESH < 5


@pytest.mark.parametrize("was_off", [False, True])
def test_a_lookup_that_fails_switches_nothing_off_and_keeps_what_was(client, live, throw, was_off, caplog, monkeypatch):
    if was_off:
        throw(live, Switch.SIGNING)

    def broken():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")

    monkeypatch.setattr(switches, "_readers", [broken])
    for _ in range(3):
        assert readiness.look().takes_writes
    assert caplog.text.count("switches can't be read") == 1
    assert client.post(f"/c/{live.slug}/sign/", typed()).status_code == (503 if was_off else 303)


def test_signing_asks_nothing_more_of_the_database(client, live, throw, django_assert_num_queries):
    throw(live, Switch.MAP)
    client.post(f"/c/{live.slug}/sign/", typed())
    with django_assert_num_queries(3):
        client.post(f"/c/{live.slug}/sign/", typed(email="b@example.org"))


def test_what_one_process_hears_alone_ends_what_it_keeps():
    before = changes.version()
    changes.heard()
    changes.Heard.look_at = 0.0
    assert changes.version() != before


OF_CAMPAIGNS = [entry.name for entry in walk(get_resolver()) if set(entry.pattern.converters) == {"slug"}]


@pytest.mark.parametrize("name", OF_CAMPAIGNS)
def test_no_cache_keeps_what_a_switch_changes_longer_than_five_seconds(client, live, name):
    """Every page and file of a campaign that has one address."""
    answer = client.get(reverse(name, args=[live.slug]))
    kept = re.search(r"max-age=(\d+)", answer.get("Cache-Control", ""))
    assert kept is None or int(kept[1]) <= 5


def test_most_of_a_campaign_is_looked_at(client, live):
    found = [name for name in OF_CAMPAIGNS if client.get(reverse(name, args=[live.slug])).status_code == 200]
    assert len(found) >= 15


def test_no_cache_keeps_the_map_longer_than_five_seconds(client, live):
    factories.signatures(live.petition, 30, country="NO")
    tally.settle_all()
    factories.told(live.petition)
    assert client.get(f"/c/{live.slug}/countries.svg")["Cache-Control"] == "public, max-age=3"


def test_what_is_paused_is_counted_apart_from_errors(client, live, throw):
    place = f"/c/{live.slug}/"
    before = client.get(place)
    assert timing.route_of(before.wsgi_request, before) == "campaign"
    throw(live, Switch.MAINTENANCE)
    answer = client.get(place)
    assert timing.route_of(answer.wsgi_request, answer) == "paused"


def test_the_map_is_off_in_the_pdf_too(client, live, rf, throw):
    factories.signatures(live.petition, 30, country="NO")
    tally.settle_all()
    factories.told(live.petition)
    campaign = find(live.slug)
    assert "On the map" in report.page(rf.get("/"), campaign)
    throw(live, Switch.MAP)
    printed = report.page(rf.get("/"), find(live.slug))
    assert "On the map" not in printed and "Norway" in printed


def test_an_answer_that_a_cache_may_stand_in_for_comes_under_another_status(client, live, throw):
    place, asked = f"/c/{live.slug}/", {"X-Past-The-Cache": "530"}
    assert client.get(place, headers=asked).status_code == 200
    throw(live, Switch.MAINTENANCE)
    assert client.get(place, headers=asked).status_code == 530
    assert client.get(place).status_code == 503
    assert client.post(f"{place}sign/", typed(), headers=asked).status_code == 503
