"""Petitions and tweet actions where no app above them is installed. Run by tests/house/test_alone.py, in a process with the settings
beside this file."""

import re
import zoneinfo
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone, translation

from accounts.models import User
from actions import samples, tracking, volume
from actions import tasks as action_tasks
from actions.models import SampleTweet, TrackingQuery, TweetAction, TweetActionTranslation
from core import kept
from core.privacy.personal_data import with_address
from core.privacy.safety import POLICIES, SafetyLevel
from petitions import mails, signing, tally, tasks
from petitions.models import LinkRequest, Petition, Signature
from tests.login import log_in, make_staff
from tests.smtp import serving
from xsim import Simulator

pytestmark = pytest.mark.django_db
ANA = {"name": "Ana Example", "email": "ana@example.org", "country": "ES", "comment": "", "consent": "on"}


@pytest.fixture(autouse=True)
def _forget():
    kept.forget()


@pytest.fixture
def smtp(settings):
    with serving() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        yield mailbox


@pytest.fixture
def petition():
    opened = timezone.now() - timedelta(days=1)
    return Petition.objects.create(title="Open the river report", text="Publish it.", opens_at=opened)


def link_in(mailbox, page):
    text = mailbox.received[-1].content.decode().replace("=\r\n", "")
    return re.search(rf"http://testserver(/{page}/[^/\s]+/)", text).group(1)


def signed(petition, smtp):
    """The link in the mail to who has just signed."""
    signing.sign(petition, ANA, "en", b"0" * 16)
    tasks.send_confirmations()
    return link_in(smtp, "confirm")


def test_nothing_above_is_installed_and_all_checks_pass():
    assert not {"campaigns", "progress", "public", "desk"} & {app.label for app in apps.get_app_configs()}
    call_command("check")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_somebody_signs_confirms_sees_takes_along_and_erases(client, petition, smtp):
    link = signed(petition, smtp)
    assert "Publish it." in client.get(link).content.decode()
    done = client.post(link, ANA, follow=True)
    assert done.redirect_chain == [(link, 303)]
    assert "You have signed already" in done.content.decode()
    tasks.tally()
    assert tally.confirmed(petition) == 1
    client.post("/my/", {"email": ANA["email"]})
    tasks.send_links()
    page = link_in(smtp, "my")
    assert "Ana Example" in client.get(page).content.decode()
    assert client.get(f"{page}export.json").json()["signatures"][0]["petition"] == "Open the river report"
    row = Signature.objects.get()
    assert client.post(f"{page}{row.pk}/withdraw/", follow=True).status_code == 200
    goodbye = client.post(f"{page}{row.pk}/erase/", follow=True)
    assert "We have forgotten you" in goodbye.content.decode()
    assert LinkRequest.objects.count() == 0
    tasks.tally()
    assert tally.confirmed(petition) == 0


def test_every_other_page_is_there(client, petition, smtp):
    link = signed(petition, smtp)
    for page in ("/my/", "/data/", "/left-alone/", "/goodbye/", "/ar/my/"):
        assert client.get(page).status_code == 200, page
    assert client.get("/nowhere/").status_code == client.get("/confirm/broken/").status_code == 404
    assert client.post("/my/", {"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.get(link).status_code == 410
        tasks.forget()
        assert client.get(link).status_code == 410


def test_every_periodic_task_of_petitions_runs(petition):
    for task in (tasks.take_hourly, tasks.raise_alerts, tasks.recount_all, tasks.expire_decisions, tasks.forget):
        task()
    petition.refresh_from_db()
    assert petition.hourly_at


def test_the_default_is_the_standard_level_in_the_language_and_zone_of_the_site(petition, settings):
    settings.LANGUAGE_CODE, settings.TIME_ZONE = "fr", "Asia/Tokyo"
    assert petition.policy == POLICIES[SafetyLevel.STANDARD]
    assert petition.written_in == TweetAction.objects.create(hashtag="River").written_in == "fr"
    assert petition.zone == zoneinfo.ZoneInfo("Asia/Tokyo")


def test_who_signed_is_forgotten_after_the_time_of_the_standard_level(client, petition, smtp):
    client.post(signed(petition, smtp), ANA)
    tasks.tally()
    Petition.objects.update(closes_at=timezone.now() + timedelta(minutes=1))
    kept = POLICIES[SafetyLevel.STANDARD].kept_after_closing
    for later, is_kept in ((kept, True), (kept + timedelta(minutes=2), False)):
        with time_machine.travel(timezone.now() + later):
            tasks.forget()
        assert Signature.objects.kept().exists() is is_kept


def test_the_mail_names_petition_and_sender_as_at_the_standard_level(petition, smtp):
    signed(petition, smtp)
    assert mails.confirmation(Signature.objects.get()).subject == "Confirm your signature: Open the river report"


@pytest.fixture
def simulator(settings):
    sim = Simulator(bearer="test-bearer", client_id="client-id", client_secret="client-secret")
    with sim.serve() as url:
        settings.X_API_BASE, settings.X_BEARER_TOKEN = url, "test-bearer"
        settings.X_POSTS_PER_DAY, settings.X_POLL_SECONDS = 1_000, 1
        yield sim


def test_a_tweet_action_has_samples_in_its_language_is_counted_and_collected(simulator):
    action = TweetAction.objects.create(hashtag="River", advice="Stay civil.", is_tracking=True, budget=Decimal(99_999))
    TweetActionTranslation.objects.create(original=action, language="fr", advice="Restez polis.")
    SampleTweet.objects.create(action=action, text="Publish it #River")
    tracking.set_query(action, tracking.default_query(action))
    TrackingQuery.objects.update(since=timezone.now() - timedelta(hours=5))
    simulator.add_post("ana", "Publish it #River", at=timezone.now() - timedelta(minutes=5))
    assert samples.pick(action, "en").text == "Publish it #River"
    for language, advice in (("en", "Stay civil."), ("fr", "Restez polis.")):
        with translation.override(language):
            assert action.translated.advice == advice
    action_tasks.poll_volume()
    action_tasks.collect_posts()
    assert volume.matching(action) == 1
    assert [tweet.text for tweet in action.tweets.all()] == ["Publish it #River"]


def test_staff_look_after_both(petition, smtp):
    staff = log_in(make_staff())
    signed(petition, smtp)
    pages = (
        "petitions/signature",
        "petitions/decision",
        "petitions/alert",
        "actions/tweet",
        "actions/target",
        "actions/gap",
    )
    for page in ("", *(f"{page}/" for page in pages)):
        assert staff.get(f"/admin/{page}").status_code == 200, page


def test_a_supporter_takes_the_account_back(client):
    client.force_login(User.objects.create_user("ana"), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/accounts/me/").status_code == 200
    assert client.post("/accounts/me/delete/").url == "/"
    assert not User.objects.exists()


def test_nothing_is_kept_beside_signatures():
    assert with_address() == []
