"""“I will take part”: asked, confirmed, counted against a threshold, frozen at the launch, taken back."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import pledging, status, tasks
from campaigns.models import Pledge, Reminder, Status
from core.crypto import tokens
from core.privacy.address_hashes import address_hash
from petitions import closing
from petitions.models import LinkRequest, Mailing, Suppression
from public import mails
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = {"email": "ana@example.org", "network": "bluesky", "remind": "hour", "consent": "on"}


@pytest.fixture
def interest():
    return factories.campaign(status=Status.INTEREST, launched_at=None, pledge_threshold=3)


def link(pledge, purpose="pledge"):
    return f"/{purpose}/{tokens.make(purpose, pledge.pk)}/"


def test_from_the_form_to_the_count(client, interest, smtp):
    page = client.get(interest.get_absolute_url()).content.decode()
    assert "Will you take part?" in page
    assert '<b class="num">0</b> have said yes. It goes ahead at 3.' in page
    response = client.post(f"/c/{interest.slug}/pledge/", TYPED)
    assert (response.status_code, response.url) == (303, f"/c/{interest.slug}/pledged/")
    tasks.send_pledge_mails()
    tasks.send_pledge_mails()
    (envelope,) = smtp.received
    text = envelope.content.decode()
    found = re.search(r"http://testserver(/pledge/[^\s\"]+/)", text.replace("=\r\n", "").replace("=\n", ""))
    page = client.get(found.group(1)).content.decode()
    assert "Bluesky" in page
    assert "an hour before" in page
    assert pledging.count(interest) == 0
    done = client.post(found.group(1)).content.decode()
    assert "With you, that makes 1 person." in done
    assert pledging.count(interest) == 1
    assert Pledge.objects.get().consent_text.texts.keys() == {"pledge"}


def test_the_mail_holds_nothing_that_was_typed_and_keeps_the_cause_to_itself_where_it_must(interest):
    row = factories.pledge(interest, confirmed=False)
    made = mails.confirm_pledge(row)
    assert interest.goal_statement in made.subject
    interest.safety = "high"
    interest.save()
    made = mails.confirm_pledge(Pledge.objects.get(pk=row.pk))
    assert made.subject == "Please confirm"
    assert "<" not in made.from_email


def test_every_submission_does_the_same_work_and_gets_the_same_answer(client, interest, django_assert_num_queries):
    factories.pledge(interest, address="ana@example.org")
    client.post(f"/c/{interest.slug}/pledge/", TYPED | {"email": "first@example.org"})
    answers = []
    for address in ("ana@example.org", "new@example.org"):
        with django_assert_num_queries(2):
            answers.append(client.post(f"/c/{interest.slug}/pledge/", TYPED | {"email": address}))
    assert [answer.url for answer in answers] == [f"/c/{interest.slug}/pledged/"] * 2
    assert Pledge.objects.count() == 4


def test_one_mailbox_counts_once(client, interest):
    first, second = (factories.pledge(interest, confirmed=False, address="ana@example.org") for _ in range(2))
    for row in (first, second, second):
        assert client.post(link(row)).status_code == 200
    assert pledging.count(interest) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=second.pk).update(
            confirmed_at=timezone.now(), consent_text=Pledge.objects.exclude(confirmed_at=None).get().consent_text
        )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "ana@"}, "does not look like an e-mail address"),
        ({"email": ""}, "Please write your e-mail address"),
        ({"consent": ""}, "Please tick this"),
        ({"network": "myspace"}, "not one of the available choices"),
        ({"remind": "never"}, "not one of the available choices"),
    ],
)
def test_bad_input_is_said_at_the_field_and_kept(client, interest, fields, message):
    response = client.post(f"/c/{interest.slug}/pledge/", TYPED | fields)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'id="errors"' in response.content.decode()
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize("fields", [{"status": Status.CLOSED}, {"pledge_threshold": None}])
def test_where_nobody_is_asked_nothing_is_taken(client, fields):
    campaign = factories.campaign(**{"status": Status.INTEREST, "pledge_threshold": 3} | fields)
    assert client.post(f"/c/{campaign.slug}/pledge/", TYPED).status_code == 409
    assert 'id="pledge"' not in client.get(campaign.get_absolute_url()).content.decode()
    assert Pledge.objects.count() == 0


@pytest.mark.parametrize("purpose", ["pledge", "unpledge"])
def test_forged_and_foreign_links_open_nothing(client, interest, purpose):
    row = factories.pledge(interest, confirmed=False)
    assert client.get(f"/{purpose}/forged/").status_code == 404
    assert client.post(f"/{purpose}/{tokens.make('confirm', row.pk)}/").status_code == 404
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_a_link_works_for_seven_days(client, interest):
    row = factories.pledge(interest, confirmed=False)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.get(link(row)).status_code == 410
        assert client.post(link(row)).status_code == 410
        tasks.forget()
        tasks.forget()
    assert Pledge.objects.count() == 0
    assert client.get(link(row)).status_code == 410


def test_taking_it_back_leaves_nothing_and_a_look_takes_nothing(client, interest):
    row = factories.pledge(interest)
    client.get(link(row, "unpledge"))
    assert Pledge.objects.count() == 1
    assert "Taken back" in client.post(link(row, "unpledge"), {"List-Unsubscribe": "One-Click"}).content.decode()
    assert Pledge.objects.count() == 0
    assert "Taken back" in client.get(link(row, "unpledge")).content.decode()


@pytest.mark.requirement("A3")
def test_pledges_count_under_the_caps_on_mails_too(interest):
    for _ in range(5):
        factories.pledge(
            interest, confirmed=False, mailed_at=None, mail_due_at=timezone.now(), address="ana@example.org"
        )
    tasks.send_pledge_mails()
    assert len(mail.outbox) == 3
    assert Mailing.objects.count() == 3


@pytest.mark.requirement("A4")
def test_whoever_says_this_was_not_me_hears_no_more(client, interest):
    row = factories.pledge(
        interest, confirmed=False, mailed_at=None, mail_due_at=timezone.now(), address="ana@example.org"
    )
    tasks.send_pledge_mails()
    (found,) = re.findall(r"/not-me/[^\s]+/", mail.outbox[0].body)
    assert client.post(found).status_code == 303
    assert Suppression.objects.count() == 1
    factories.pledge(interest, confirmed=False, mailed_at=None, mail_due_at=timezone.now(), address="ana@example.org")
    tasks.send_pledge_mails()
    assert len(mail.outbox) == 1
    assert row


def test_the_forecast_is_frozen_at_the_launch_and_shown_beside_what_came_of_it(client, interest):
    for _ in range(4):
        factories.pledge(interest)
    factories.pledge(interest, confirmed=False)
    interest.status = Status.LIVE
    status.apply(interest)
    factories.pledge(interest)
    status.apply(interest)
    interest.refresh_from_db()
    assert interest.forecast == 4
    assert "Before the launch 4 people had said" in client.get(f"/c/{interest.slug}/progress/").content.decode()


def test_who_pledged_is_forgotten_when_the_safety_level_says_so():
    campaign = factories.campaign(status=Status.CLOSED, pledge_threshold=1, safety="high")
    closing.close(campaign.petition)
    factories.pledge(campaign)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        tasks.forget()
        assert Pledge.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.forget()
        assert Pledge.objects.count() == 0


def test_what_the_database_keeps(interest):
    row = factories.pledge(interest, confirmed=False)
    for fields in ({"network": "x2"}, {"remind": "never"}, {"confirmed_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pledge.objects.filter(pk=row.pk).update(**fields)


def own_page(address):
    asked = LinkRequest.objects.create(email=address, address_hash=address_hash(address), mailed_at=timezone.now())
    return f"/my/{tokens.make('my', asked.pk)}/"


@pytest.mark.requirement("S7")
def test_the_own_page_shows_pledges_and_takes_them_back(client, interest):
    factories.pledge(interest, address="ana@example.org")
    factories.pledge(interest, address="ben@example.org")
    client.post("/my/", {"email": "Ana@example.org"})
    from petitions import tasks as petition_tasks

    petition_tasks.send_links()
    assert [made.to for made in mail.outbox] == [["ana@example.org"]]
    page = own_page("ana@example.org")
    assert interest.headline in unescape(client.get(page).content.decode())
    (kept,) = client.get(f"{page}export.json").json()["others"]
    assert (kept["email"], kept["network"]) == ("ana@example.org", "x")
    assert client.get(f"{page}forget/").status_code == 405
    assert client.post("/my/forged/forget/").status_code == 410
    assert client.post(f"{page}forget/").status_code == 303
    assert [row.email for row in Pledge.objects.all()] == ["ben@example.org"]


@pytest.mark.requirement("S7")
def test_whoever_erases_a_signature_is_not_reminded_either(interest):
    from petitions import signing

    factories.pledge(interest, address="ana@example.org")
    signing.erase(factories.signature(interest.petition, address="ana@example.org"))
    assert Pledge.objects.count() == 0


@pytest.mark.requirement("A4")
def test_this_was_not_me_takes_the_pledge_along_and_no_reminder_goes(interest):
    from petitions import suppression

    day = factories.day_of_action(interest, starts_at=timezone.now() + timedelta(minutes=5))
    row = factories.pledge(interest, address="ana@example.org")
    other = factories.pledge(
        interest, confirmed=False, mailed_at=None, mail_due_at=timezone.now(), address="ana@example.org"
    )
    tasks.send_pledge_mails()
    reminder = Reminder(pledge=row, moment=day, starts_at=day.starts_at)
    interest.status = Status.LIVE
    interest.save()
    assert mails.reminder(reminder) is not None
    assert suppression.suppress(other.pk)
    assert Pledge.objects.count() == 0
    assert mails.reminder(reminder) is None


def test_pledges_get_new_hashes_with_a_new_key_and_a_mailbox_still_counts_once(interest, settings):
    from petitions import rotation

    old = dict(settings.HASH_KEYS)
    factories.pledge(interest, address="ana@example.org")
    settings.HASH_KEYS = old | {2: b"another-key-another-key-another-key"}
    factories.pledge(interest, address="Ana@Example.org")
    assert pledging.count(interest) == 2
    for _ in range(2):
        rotation.hash_anew()
    (row,) = Pledge.objects.all()
    assert (row.hash_version, bytes(row.address_hash)) == (2, address_hash("ana@example.org"))


def test_two_keys_in_force_do_not_make_two_mailboxes(interest, settings):
    factories.pledge(interest, address="ana@example.org")
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: b"another-key-another-key-another-key"}
    again = factories.pledge(interest, confirmed=False, address="Ana@example.org")
    with pytest.raises(pledging.AlreadyPledged):
        pledging.confirm(again)
    assert pledging.count(interest) == 1
