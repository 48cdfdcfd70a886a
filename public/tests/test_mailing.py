"""An update to everyone who took part and asked to hear: idempotent, resumable, at its pace, ended by one click."""

import sys
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import mailing, tasks
from campaigns.models import Update, UpdateMail
from core.drawing import pdf
from petitions import signing
from petitions.models import Signature
from public import mails
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def update(live):
    for number in range(5):
        factories.signature(live.petition, address=f"asked-{number}@example.org", updates_at=timezone.now())
    factories.signature(live.petition, address="silent@example.org")
    factories.signature(live.petition, address="pending@example.org", confirmed=False, updates_at=timezone.now())
    signing.withdraw(factories.signature(live.petition, address="gone@example.org", updates_at=timezone.now()))
    signing.erase(factories.signature(live.petition, address="erased@example.org", updates_at=timezone.now()))
    fake = factories.signature(live.petition, address="fake@example.org", updates_at=timezone.now())
    Signature.objects.filter(pk=fake.pk).update(review="removed")
    factories.signature(factories.campaign().petition, address="elsewhere@example.org", updates_at=timezone.now())
    return Update.objects.create(campaign=live, title="They answered", text="**At last.**", published_at=timezone.now())


def addressees():
    return sorted(made.to[0] for made in mail.outbox)


ASKED = [f"asked-{number}@example.org" for number in range(5)]


def test_everyone_who_asked_gets_it_once(update):
    assert mailing.audience(update) == 5
    mailing.begin(update)
    for _ in range(3):
        tasks.send_updates()
    assert addressees() == ASKED
    assert mailing.state(update) == mailing.State(sent=5, waiting=0, unsent=0)
    made = mail.outbox[0]
    assert made.subject == "They answered"
    assert "<strong>At last.</strong>" in made.alternatives[0][0]
    assert made.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nobody_hears_before_staff_say_so_and_twice_is_refused(update):
    tasks.send_updates()
    assert mail.outbox == []
    mailing.begin(update)
    with pytest.raises(mailing.NotNow):
        mailing.begin(update)
    update.mailing_at = None
    with pytest.raises(mailing.NotNow):
        mailing.begin(update)


@pytest.mark.requirement("A32")
def test_a_draft_is_not_mailed(update):
    Update.objects.update(published_at=None)
    with pytest.raises(mailing.NotNow):
        mailing.begin(update)


def test_what_is_to_be_published_later_is_mailed_then(update):
    later = timezone.now() + timedelta(days=1)
    Update.objects.update(published_at=later)
    mailing.begin(update)
    update.refresh_from_db()
    assert update.mailing_at == later
    tasks.send_updates()
    assert mail.outbox == []
    with time_machine.travel(later + timedelta(seconds=1)):
        tasks.send_updates()
    assert addressees() == ASKED


def test_it_may_be_mailed_later_than_it_is_published(update):
    at = timezone.now() + timedelta(hours=2)
    mailing.begin(update, at)
    tasks.send_updates()
    assert mail.outbox == []
    with time_machine.travel(at):
        tasks.send_updates()
    assert addressees() == ASKED


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(mailing, "FEWEST", 3)


@pytest.fixture
def mixed(live):
    """Of five who asked, three signed in Arabic; three live in Bahrain, of whom two signed in Arabic."""
    for number, address in enumerate(ASKED):
        language, country = "ar" if number < 3 else "en", "BH" if 0 < number < 4 else "FR"
        factories.signature(
            live.petition, address=address, updates_at=timezone.now(), language=language, country=country
        )
    return Update.objects.create(campaign=live, title="They answered", text="At last.", published_at=timezone.now())


def test_it_may_go_to_those_of_one_language_or_country(mixed, few):
    assert mailing.choices(mixed) == mailing.Choices(languages=[("ar", 3)], countries=[("BH", 3)])
    mailing.begin(mixed, language="ar")
    tasks.send_updates()
    assert addressees() == ASKED[:3]


@pytest.mark.requirement("A32")
def test_a_selection_is_never_of_a_few(mixed, few):
    for chosen in ({"language": "en"}, {"country": "FR"}, {"language": "ar", "country": "BH"}):
        with pytest.raises(mailing.TooFew):
            mailing.begin(mixed, **chosen)
    mixed.refresh_from_db()
    assert mixed.mailing_at is None


def test_where_no_countries_are_published_nobody_is_chosen_by_theirs(mixed, few):
    mixed.campaign.safety = "high"
    mixed.campaign.save()
    mixed.refresh_from_db()
    assert mailing.choices(mixed).countries == []
    with pytest.raises(mailing.TooFew):
        mailing.begin(mixed, country="BH")


def test_a_mailing_is_stopped_for_those_who_have_not_got_it(update, settings):
    settings.MAILS_PER_MINUTE = 12
    mailing.begin(update)
    assert mailing.is_going(update)
    tasks.send_updates()
    assert len(mail.outbox) == 2
    mailing.stop(update)
    assert not mailing.is_going(update)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tasks.send_updates()
    assert len(mail.outbox) == 2
    assert mailing.state(update) == mailing.State(sent=2, waiting=0, unsent=3)
    with pytest.raises(mailing.NotNow):
        mailing.stop(update)


def test_a_mailing_that_waits_is_stopped_before_it_begins(update):
    at = timezone.now() + timedelta(hours=1)
    mailing.begin(update, at)
    mailing.stop(update)
    with time_machine.travel(at + timedelta(hours=1)):
        tasks.send_updates()
    assert (mail.outbox, UpdateMail.objects.count()) == ([], 0)


def test_who_is_just_being_written_to_when_it_is_stopped_gets_nothing_more(update):
    mailing.begin(update)
    mailing.queue_mails()
    row = UpdateMail.objects.first()
    UpdateMail.objects.filter(pk=row.pk).update(mail_attempts=1)
    mailing.stop(update)
    tasks.send_updates()
    assert mail.outbox == []
    with pytest.raises(mailing.NotNow):
        mailing.stop(update)


def test_one_mailbox_gets_one_mail_whatever_ways_it_came_by(update, live):
    again = factories.signature(live.petition, confirmed=False, address="asked-0@example.org")
    Signature.objects.filter(pk=again.pk).update(updates_at=timezone.now())
    mailing.begin(update)
    tasks.send_updates()
    assert addressees() == ASKED
    first = UpdateMail.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        UpdateMail.objects.create(update=update, signature_id=first.signature_id)


def test_it_goes_out_at_its_pace(update, settings):
    settings.MAILS_PER_MINUTE = 12
    mailing.begin(update)
    tasks.send_updates()
    assert len(mail.outbox) == 2
    tasks.send_updates()
    assert len(mail.outbox) == 4


def test_it_is_addressed_in_batches_and_goes_on_where_it_was_broken_off(update, monkeypatch):
    mailing.begin(update)
    assert mailing._queue_for(update, 2) == 2
    tasks.send_updates()
    tasks.send_updates()
    assert addressees() == ASKED
    update.refresh_from_db()
    assert update.addressed_at


def test_a_mail_server_that_is_away_loses_nobody(update, settings, monkeypatch):
    mailing.begin(update)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tasks.send_updates()
    assert mailing.state(update) == mailing.State(sent=0, waiting=5, unsent=0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    UpdateMail.objects.update(mail_due_at=timezone.now())
    tasks.send_updates()
    assert addressees() == ASKED


def test_one_click_ends_it_also_for_mails_that_wait(update, client, settings):
    settings.MAILS_PER_MINUTE = 6
    mailing.begin(update)
    tasks.send_updates()
    leave = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert "No more news?" in client.get(leave).content.decode()
    assert Signature.objects.filter(updates_at=None, email__isnull=False).count() == 2
    assert client.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row = Signature.objects.exclude(updates_at=None).filter(confirmed_at__isnull=False, withdrawn_at=None).first()
    signing.unsubscribe(Signature.objects.filter(pk=UpdateMail.objects.exclude(mail_due_at=None).first().signature_id))
    settings.MAILS_PER_MINUTE = 600
    tasks.send_updates()
    assert len(mail.outbox) == 4
    assert row
    second = Update.objects.create(campaign=update.campaign, title="More", text="x", published_at=timezone.now())
    assert mailing.audience(second) == 3


def test_forged_links_end_nothing(client):
    assert client.post("/unsubscribe/forged/").status_code == 404


def test_after_thirty_days_nobody_knows_who_got_it_and_it_is_not_sent_again(update):
    import time_machine

    mailing.begin(update)
    tasks.send_updates()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.forget()
        tasks.forget()
        assert UpdateMail.objects.count() == 0
        tasks.send_updates()
    assert len(mail.outbox) == 5


def test_high_safety_keeps_the_subject_neutral(update):
    update.campaign.safety = "high"
    update.campaign.save()
    mailing.begin(update)
    tasks.send_updates()
    assert {made.subject for made in mail.outbox} == {"News"}


def test_what_is_taken_back_from_the_page_is_not_mailed_any_more(update, settings):
    settings.MAILS_PER_MINUTE = 6
    mailing.begin(update)
    tasks.send_updates()
    Update.objects.update(published_at=None)
    settings.MAILS_PER_MINUTE = 600
    tasks.send_updates()
    assert len(mail.outbox) == 1


def test_who_is_under_review_waits(update, live):
    doubtful = factories.signature(live.petition, address="doubtful@example.org", updates_at=timezone.now())
    Signature.objects.filter(pk=doubtful.pk).update(review="quarantined")
    mailing.begin(update)
    tasks.send_updates()
    assert addressees() == ASKED


@pytest.mark.requirement("S4")
def test_an_erased_signature_keeps_its_hash_nowhere(update):
    from petitions.models import Mailing

    mailing.begin(update)
    tasks.send_updates()
    row = Signature.objects.get(pk=UpdateMail.objects.first().signature_id)
    Mailing.objects.create(row=row.pk, petition=row.petition, address_hash=row.address_hash, hash_version=1)
    signing.erase(row)
    assert not Mailing.objects.exists()
    assert not hasattr(UpdateMail, "address_hash")


def test_news_carries_the_figures_in_words_and_no_url_of_a_picture(live, update):
    mailing.begin(update)
    tasks.send_updates()
    text, html = mail.outbox[0].body, mail.outbox[0].alternatives[0][0]
    assert "0 signatures of 100" in text
    assert "of 100. Next milestone: 10." in html
    assert all(source.startswith("cid:") for source in Html(html).values("[src]", "src"))
    assert "url(" not in html
    # The rest of what it looks like stands at each element.
    assert Html(html).one("style").text.startswith("@media (prefers-color-scheme: dark) {")
    assert Html(html).find("[style]")


def test_where_nothing_can_be_drawn_the_words_are_enough(live, update, monkeypatch):
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", "raise OSError"])
    pdf.forget()
    mailing.begin(update)
    tasks.send_updates()
    monkeypatch.undo()
    pdf.forget()
    assert "<img" not in mail.outbox[0].alternatives[0][0]
    assert mail.outbox[0].attachments == []
    assert "of 100. Next milestone: 10." in mail.outbox[0].alternatives[0][0]


SLOW = """
import json, sys, time
for line in sys.stdin:
    time.sleep(2)
    print(json.dumps({"fault": "", "size": 4}) + "\\nxPNG", end="", flush=True)
"""


def test_news_waits_for_its_meter_and_whoever_looks_at_it_first_does_not(live, update, monkeypatch):
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", SLOW])
    pdf.forget()
    assert pdf.available()
    monkeypatch.setattr(pdf, "LONGEST", 0.5)
    assert mails.specimen(update, "staff@example.org").attachments == []
    mailing.begin(update)
    tasks.send_updates()
    monkeypatch.undo()
    pdf.forget()
    assert len(mail.outbox[0].attachments) == 1


def test_a_neutral_mail_shows_no_figures(live, update):
    type(live).objects.update(safety="high")
    mailing.begin(update)
    tasks.send_updates()
    made = mail.outbox[0]
    assert made.subject == "News"
    assert "Next milestone" not in made.alternatives[0][0]
    assert made.attachments == []
