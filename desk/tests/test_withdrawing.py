"""What was public is withdrawn with a reason that everybody reads, and never deleted without a word."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from campaigns import mailing, status, tasks, withdrawing
from campaigns.models import Campaign, KeyMoment, Recap, RecapEntry, Response, Status, Update
from desk.tests.test_campaign_page import change, page_of, place, save
from progress import archive
from progress.figures import public_figures
from tests import factories
from tests.html import form_of

pytestmark = pytest.mark.django_db
WHY = "It turned out to be a hoax & no more."


@pytest.fixture
def answer(live):
    made = Response.objects.create(
        campaign=live,
        speaker="Minister Example",
        where="in parliament",
        words="We will publish it all.",
        demand=live.demands.get(),
        outcome="answered",
    )
    status.move_demand(made)
    return made


@pytest.fixture
def update(live):
    now = timezone.now()
    return Update.objects.create(
        campaign=live, title="They answered", text="At long last.", published_at=now - timedelta(hours=1)
    )


def withdraw(browser, part, **fields):
    url = f"/admin/campaigns/{part._meta.model_name}/{part.pk}/withdraw/"
    return browser.post(url, {"because": WHY} | fields, follow=True)


def demand(live):
    found = live.demands.get()
    return found.outcome


def test_a_withdrawn_response_is_told_of_and_its_words_are_gone(staff, client, live, answer):
    Recap.objects.create(campaign=live, text="How it went", published_at=timezone.now())
    RecapEntry.objects.create(recap=live.recap, response=answer)
    pages = [f"/c/{live.slug}/{page}" for page in ("progress/", "recap/")]
    assert all("We will publish it all." in client.get(page).content.decode() for page in pages)
    look = staff.get(f"/admin/campaigns/response/{answer.pk}/withdraw/").content.decode()
    assert "We will publish it all." in look and "Publish the report: answered" in look
    assert "Withdrawn. The page says when and why." in withdraw(staff, answer).content.decode()
    for page in [*pages, *(f"/ar{page}" for page in pages)]:
        text = client.get(page).content.decode()
        assert "We will publish it all." not in text and "in parliament" not in text, page
        assert "Minister Example" in text and "It turned out to be a hoax &amp; no more." in text, page
    history = answer.history.first()
    assert (history.history_user.email, history.withdrawn_because) == ("staff@example.org", WHY)


def test_it_counts_no_more_and_its_demand_settles_again_for_all_to_see(staff, client, live, answer):
    Campaign.objects.filter(pk=live.pk).update(launched_at=timezone.now() - timedelta(days=9))
    assert demand(live) == "answered"
    figures = client.get(f"/c/{live.slug}/progress.json").json()
    assert (figures["responses"], figures["days_without_response"]) == (1, 0)
    withdraw(staff, answer)
    figures = client.get(f"/c/{live.slug}/progress.json").json()
    assert (figures["responses"], figures["days_without_response"]) == (0, 9)
    assert demand(live) == figures["demands"][0]["outcome"] == "open"
    for page in ("", "progress/"):
        assert "had moved this to: answered" in client.get(f"/c/{live.slug}/{page}").content.decode()
    data = client.get(f"/petitions/{live.petition.pk}.json").json()["data"]["attributes"]
    assert data["government_response"] is None
    assert data["withdrawn_responses"][0]["reason"] == WHY


def test_the_demand_falls_back_on_the_answer_before(live, answer):
    before = Response.objects.create(
        campaign=live,
        speaker="x",
        where="x",
        words="x",
        demand=live.demands.get(),
        outcome="acknowledged",
        said_at=timezone.now() - timedelta(days=3),
    )
    withdrawing.withdraw(answer, WHY)
    assert demand(live) == "acknowledged"
    withdrawing.withdraw(before, WHY)
    assert demand(live) == "open"
    with pytest.raises(withdrawing.NotNow):
        withdrawing.withdraw(answer, "Another reason")


def test_a_withdrawn_update_is_told_of_and_mailed_no_more(staff, client, live, update):
    for _ in range(2):
        factories.signature(live.petition, updates_at=timezone.now())
    mailing.begin(update)
    mailing.queue_mails()
    withdraw(staff, update)
    tasks.send_updates()
    assert mail.outbox == []
    assert update.mails.exclude(mail_due_at=None).count() == 0
    for page in ("", "updates/"):
        text = client.get(f"/c/{live.slug}/{page}").content.decode()
        assert "They answered" in text and "a hoax" in text and "At long last." not in text
    entry = client.get(f"/c/{live.slug}/feed.atom").content.decode()
    assert "Withdrawn: They answered" in entry and "a hoax" in entry and "At long last." not in entry
    assert f":update-{update.pk}" in entry


def test_a_withdrawn_update_can_not_be_mailed_at_all(staff, live, update):
    withdraw(staff, update)
    update.refresh_from_db()
    with pytest.raises(mailing.NotNow):
        mailing.begin(update)
    assert staff.post(f"/admin/campaigns/update/{update.pk}/mail/").status_code == 404
    Update.objects.filter(pk=update.pk).update(mailing_at=timezone.now())
    factories.signature(live.petition, updates_at=timezone.now())
    assert mailing.queue_mails() == 0


def test_a_withdrawn_moment_is_cancelled_everywhere(staff, client):
    live = factories.campaign(pledge_threshold=1)
    day = factories.day_of_action(live, text="Come all.", place="At the court")
    factories.pledge(live, remind="day")
    with time_machine.travel(day.starts_at - timedelta(hours=20), tick=False):
        tasks.remind()
        before = Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content).walk("VEVENT")[0]
    withdraw(staff, day)
    with time_machine.travel(day.starts_at - timedelta(hours=19), tick=False):
        tasks.remind()
        tasks.send_reminders()
        event = Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content).walk("VEVENT")[0]
        page = client.get(live.get_absolute_url()).content.decode()
    assert mail.outbox == []
    assert (event["status"], event["uid"]) == ("CANCELLED", before["uid"])
    assert event["sequence"] > before["sequence"] and WHY in event["description"]
    assert "Everybody tweets" in page and "a hoax" in page
    assert "Come all." not in page and "At the court" not in page and "the day of action." not in page
    with time_machine.travel(day.starts_at + timedelta(hours=1), tick=False):
        for url in (live.get_absolute_url(), f"/c/{live.slug}/act/"):
            assert "Today is the day of action." not in client.get(url).content.decode()
        tasks.remind()
        live.tweet_action.refresh_from_db()
        assert live.tweet_action.busy_until is None
    assert staff.post(f"/admin/campaigns/keymoment/{day.pk}/move/", {"sure": "yes"}).status_code == 404


def test_the_archive_tells_what_was_withdrawn_and_not_what_it_said(live, answer, update):
    day = factories.day_of_action(live, place="At the court")
    for part in (answer, update, day):
        withdrawing.withdraw(part, WHY)
    pack = zipfile.ZipFile(io.BytesIO(archive.build(live)))
    data, page = json.loads(pack.read("campaign.json")), pack.read("index.html").decode()
    for name in ("responses", "updates", "moments"):
        (row,) = data[name]
        assert row["withdrawn_because"] == WHY and row["withdrawn_at"], name
    for text in (json.dumps(data), page):
        for gone in ("We will publish it all.", "At long last.", "At the court"):
            assert gone not in text
    assert page.count("a hoax") == 3
    assert public_figures(live).responses == 0


@pytest.mark.parametrize("path", ["checkbox", "page", "action"])
def test_what_was_public_is_deleted_by_no_way_of_the_admin(staff, live, answer, update, path):
    day = factories.day_of_action(live)
    Recap.objects.create(campaign=live, text="x", published_at=timezone.now() - timedelta(hours=1))
    page = staff.get(change(live)).content.decode()
    for part in (answer, update, day, live.demands.get(), live.recap):
        url = f"/admin/campaigns/{part._meta.model_name}/"
        if path == "checkbox":
            assert 'name="demands-0-DELETE"' not in page
            refused = staff.post(change(live), form_of(page) | {"demands-0-DELETE": "on"})
            assert "It was public, so you can&#x27;t delete it" in refused.content.decode()
            assert f"{part.pk}/delete/" not in staff.get(page_of(part)).content.decode()
        elif path == "page":
            assert staff.post(f"{url}{part.pk}/delete/", {"post": "yes"}).status_code == 403
        else:
            staff.post(url, {"action": "delete_selected", "_selected_action": part.pk, "post": "yes"})
        assert type(part).objects.filter(pk=part.pk).exists(), part


def test_published_stays_published_and_withdrawn_stays_as_it_is(staff, live, answer, update):
    form = form_of(staff.get(page_of(update)))
    save(staff, page_of(update), form | {"published_at_0": "", "published_at_1": ""})
    save(staff, page_of(update), form | {"published_at_0": "2099-01-01"})
    assert Update.objects.published().get() == update
    form = form_of(staff.get(page_of(answer)))
    withdraw(staff, answer)
    assert "words" not in form_of(staff.get(page_of(answer)))
    said = form | {"words": "Other words", "outcome": "met"}
    assert staff.post(page_of(answer), said).status_code == 403
    answer.refresh_from_db()
    assert (answer.words, answer.outcome, demand(live)) == ("We will publish it all.", "answered", "open")
    assert "a hoax" in staff.get(page_of(answer)).content.decode()
    assert "Withdrawn" in staff.get(place(live, "afterwards")).content.decode()


def test_what_was_never_public_may_go_and_is_not_withdrawn(staff):
    draft = factories.campaign(status=Status.DRAFT, launched_at=None)
    rows = (
        Response.objects.create(campaign=draft, speaker="x", where="x", words="x"),
        Update.objects.create(campaign=draft, title="x", text="x", published_at=timezone.now()),
        factories.day_of_action(draft),
    )
    live = factories.campaign()
    coming = Update.objects.create(campaign=live, title="x", text="x")
    for part in (*rows, coming):
        assert "Nothing was withdrawn" in withdraw(staff, part).content.decode()
    for part in (*rows, coming):
        delete = page_of(part).replace("change", "delete")
        assert delete in staff.get(page_of(part)).content.decode()
        save(staff, delete, {"post": "yes"})
    assert not (Response.objects.exists() or Update.objects.exists() or KeyMoment.objects.exists())


@pytest.mark.parametrize("because", ["", "  ", "x" * 301])
def test_without_a_reason_nothing_is_withdrawn(staff, answer, because):
    assert withdraw(staff, answer, because=because).status_code == 422
    answer.refresh_from_db()
    assert answer.withdrawn_at is None


def test_the_database_knows_it_too(live, answer, update):
    day = factories.day_of_action(live)
    for part in (answer, update, day):
        with pytest.raises(IntegrityError, match="withdraw it"), transaction.atomic():
            part.delete()
    with pytest.raises(IntegrityError, match="stays published"), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(published_at=None)
    for part in (answer, update, day):
        kind = type(part).objects.filter(pk=part.pk)
        with pytest.raises(IntegrityError, match="withdrawn_for_a_reason"), transaction.atomic():
            kind.update(withdrawn_at=timezone.now())
        withdrawing.withdraw(part, WHY)
        with pytest.raises(IntegrityError, match="stays withdrawn"), transaction.atomic():
            kind.update(withdrawn_at=None, withdrawn_because="")


def test_a_campaign_that_people_saw_keeps_its_parts_though_it_is_a_draft_again(staff):
    seen = factories.campaign(status=Status.INTEREST, launched_at=None)
    day = factories.day_of_action(seen)
    seen.status = Status.DRAFT
    seen.save()
    assert staff.post(f"/admin/campaigns/campaign/{seen.pk}/delete/", {"post": "yes"}).status_code == 403
    with pytest.raises(IntegrityError, match="withdraw it"), transaction.atomic():
        day.delete()


def test_a_tweet_whose_answer_was_withdrawn_can_be_logged_anew(staff, live):
    said = factories.tweet(live.tweet_action, kind="target", target=live.target, text="We will.", review="none")
    url = f"/admin/campaigns/campaign/{live.pk}/log/{said.pk}/"
    staff.post(url)
    withdraw(staff, live.responses.get())
    staff.post(url)
    assert live.responses.standing().count() == live.responses.withdrawn().count() == 1
