"""Safety levels, retention, moderation in public, staff's second person, and what leaves no trace of where one came from."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from actions.models import Target
from core.crypto import tokens
from core.privacy.safety import POLICIES, SafetyLevel
from petitions import mails, moderation, tally, tasks
from petitions.models import LinkRequest, Petition, Signature
from tests import factories
from tests.factories import typed
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


def high(**fields):
    return factories.campaign(safety=SafetyLevel.HIGH, **fields)


@pytest.mark.requirement("S6")
def test_who_signed_is_forgotten_when_the_level_says_so_and_the_count_stays():
    campaigns = {level: factories.campaign(safety=level, tweet_action=None) for level in SafetyLevel}
    for campaign in campaigns.values():
        factories.signature(campaign.petition)
    tally.settle_all()
    closed = timezone.now() + timedelta(days=1)
    Petition.objects.update(closes_at=closed)
    for days, forgotten in (
        (29, set()),
        (31, {"high"}),
        (89, {"high"}),
        (91, {"high", "elevated"}),
        (183, {"high", "elevated", "standard"}),
    ):
        with time_machine.travel(closed + timedelta(days=days)):
            tasks.forget()
        seen = {
            level
            for level, campaign in campaigns.items()
            if Signature.objects.get(petition=campaign.petition).erased_at
        }
        assert seen == forgotten, days
    assert all(tally.confirmed(campaign.petition) == 1 for campaign in campaigns.values())


@pytest.mark.requirement("S7")
def test_export_holds_all_that_is_kept_about_me_and_nobody_else(client, live):
    factories.signature(live.petition, address="ana@example.org", name="Ana", comment="Why", updates_at=timezone.now())
    factories.signature(live.petition, address="other@example.org", name="Other")
    asked = LinkRequest.objects.create(email="Ana@example.org", mailed_at=timezone.now())
    response = client.get(f"/my/{tokens.make('my', asked.pk)}/export.json")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "no-store"
    (mine,) = response.json()["signatures"]
    assert (mine["name"], mine["email"], mine["comment"], mine["counts"]) == ("Ana", "ana@example.org", "Why", True)
    assert mine["updates_since"]
    assert set(mine["agreed_to"]) == {"sign", "show_name", "updates", "others"}
    assert client.get("/my/forged/export.json").status_code == 410


@pytest.mark.requirement("S7")
def test_three_links_a_day_and_always_the_same_answer(client, live, smtp):
    factories.signature(live.petition, address="ana@example.org")
    answers = set()
    for _ in range(5):
        response = client.post("/my/", {"email": "ana@example.org"})
        answers.add((response.status_code, response.url))
        tasks.send_links()
    assert len(answers) == 1
    assert len(smtp.received) == 3
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        client.post("/my/", {"email": "ana@example.org"})
        tasks.send_links()
    assert len(smtp.received) == 4


@pytest.mark.requirement("S7")
def test_what_is_withdrawn_is_off_every_page_within_a_minute(client, live):
    row = factories.signature(live.petition, address="ana@example.org")
    tally.settle_all()
    asked = LinkRequest.objects.create(email="ana@example.org", mailed_at=timezone.now())
    client.post(f"/my/{tokens.make('my', asked.pk)}/{row.pk}/withdraw/")
    tasks.tally()
    for page in ("", "progress/", "progress.json"):
        response = client.get(f"/c/{live.slug}/{page}")
        seconds = int(re.search(r"max-age=(\d+)", response["Cache-Control"]).group(1))
        assert seconds + 2 < 60
    assert client.get(f"/c/{live.slug}/progress.json").json()["signatures"]["confirmed"] == 0


@pytest.mark.requirement("S11")
def test_where_it_is_dangerous_totals_come_in_steps_of_ten_hourly_and_alike_everywhere(client, admin):
    campaign = high(signature_goal=100)
    for _ in range(27):
        factories.signature(campaign.petition)
    tally.settle_all()
    tasks.take_hourly()
    for _ in range(9):
        factories.signature(campaign.petition)
    tally.settle_all()
    assert client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]["confirmed"] == 20
    pages = [
        client.get(path).content.decode() for path in ("/", f"/c/{campaign.slug}/", f"/c/{campaign.slug}/progress/")
    ]
    pages.append(admin.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode())
    for page in pages:
        assert "signatures 20% of the goal" in page
        assert ">27<" not in page
        assert ">36<" not in page
    assert "Spain" not in pages[2]
    assert '<svg class="chart s"' not in pages[2]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tasks.take_hourly()
    assert client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]["confirmed"] == 30


@pytest.mark.requirement("S12")
@pytest.mark.parametrize("level", [SafetyLevel.ELEVATED, SafetyLevel.HIGH])
def test_subject_and_sender_keep_the_cause_to_themselves(level, client):
    campaign = factories.campaign(safety=level)
    mail = mails.confirmation(factories.signature(campaign.petition, confirmed=False))
    raw = mail.message()
    assert raw["Subject"] == "Please confirm"
    assert raw["From"] == "no-reply@testserver"
    page = Html(client.get(f"/c/{campaign.slug}/check-mail/"))
    assert page.texts("dl dd") == ["no-reply@testserver", "Please confirm"]


@pytest.mark.requirement("S12")
def test_no_pixel_and_no_link_that_reports_back():
    campaign = factories.campaign()
    mail = mails.confirmation(factories.signature(campaign.petition, confirmed=False))
    page = Html(mail.alternatives[0][0])
    assert not page.find("img")
    links = [*re.findall(r"http://testserver\S*", mail.body), *page.values("[href]", "href")]
    assert len(links) > 2
    assert not any("?" in link for link in links)


@pytest.mark.requirement("S13")
@pytest.mark.parametrize("level", SafetyLevel.values)
def test_before_the_share_link_stands_what_posting_means(client, level):
    campaign = factories.campaign(safety=level)
    campaign.tweet_action.advice = "Ask your union first."
    campaign.tweet_action.save()
    page = client.get(f"/c/{campaign.slug}/act/").content.decode()
    warning = page.index("Posting in public ties your account to this campaign.")
    assert warning < page.index("Ask your union first.") < page.index("Open X with this text")
    assert str(POLICIES[SafetyLevel(level)].advice) in page


@pytest.mark.requirement("S14")
def test_a_target_is_an_office_with_a_written_reason():
    with pytest.raises(ValidationError) as caught:
        Target(name="x", x_handle="x", kind="person", reason="").full_clean()
    assert {"kind", "reason"} <= set(caught.value.message_dict)
    for fields in ({"kind": "person"}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.create(**{"name": "x", "x_handle": "x", "reason": "y"} | fields)
    assert set(Target.Kind.values) == {"institution", "office", "senior"}


@pytest.mark.requirement("S17")
def test_staff_without_a_shown_second_factor_get_nowhere(live):
    user = make_staff("new@example.org", second_factor=False)
    browser = logged_in(user)
    for page in ("/admin/", "/admin/petitions/signature/", f"/admin/campaigns/campaign/{live.pk}/change/"):
        response = browser.get(page)
        assert response.status_code == 302
        assert "/accounts/2fa/" in response.url
    assert User.objects.get(pk=user.pk).is_staff


@pytest.mark.requirement("S19")
def test_the_data_page_tells_the_settings_that_are_in_force(client, settings, monkeypatch):
    page = client.get("/data/").content.decode()
    for shown in (
        "do not confirm 7 days after our mail",
        "182 days",
        "30 days",
        "works for 24 hours",
        "at most 3 mails",
        "Example Rights Network",
        "not connected to X",
    ):
        assert shown in page, shown
    monkeypatch.setattr("petitions.data_export.LINK_LIVES", timedelta(days=5))
    settings.ORGANISATION, settings.X_BEARER_TOKEN = "Another Network", "token"
    page = client.get("/data/").content.decode()
    assert "do not confirm 5 days after our mail" in page
    assert "Another Network" in page
    assert "not connected to X" not in page


@pytest.mark.requirement("S19")
def test_the_data_page_names_every_receiver_and_says_when_backups_forget(client, live, settings):
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.X_BEARER_TOKEN = "filemail:///tmp", "", ""
    page = client.get("/data/").content.decode()
    assert "Nobody." in page and "backups" not in page
    settings.EMAIL_URL, settings.EMAIL_HOST = "smtp+tls://mail.example.net:587", "mail.example.net"
    settings.SENTRY_DSN, settings.X_BEARER_TOKEN = "https://key@faults.example.net/1", "token"
    settings.BACKUP_RECIPIENTS = ["age1example"]
    settings.TIMESTAMP_AUTHORITY = "https://user:SECRET@stamps.example.net/tsr"
    page = client.get("/data/").content.decode()
    for name in ("mail.example.net", "faults.example.net", "stamps.example.net", "X"):
        assert f"<li><bdi>{name}</bdi> " in page, name
    assert "SECRET" not in page
    assert "gone from our encrypted backups 30 days later" in page
    live.safety = SafetyLevel.HIGH
    live.save()
    assert "gone from our encrypted backups 7 days later" in client.get("/data/").content.decode()


@pytest.mark.requirement("S19")
@pytest.mark.parametrize("path", ["/data/", "/ar/data/"])
def test_the_data_page_names_the_places_where_data_lies(client, settings, path):
    without = Html(client.get(path))
    settings.DATA_PLACES = ["PostgreSQL in <b>Oslo</b>, at R&D Hosting", "backups in Bern"]
    page = Html(client.get(path))
    assert [place for place in settings.DATA_PLACES if place not in page.text] == []
    assert [place for place in settings.DATA_PLACES if place in without.text] == []
    assert len(page.find("h2")) == len(without.find("h2")) + 1


@pytest.mark.parametrize("level", [SafetyLevel.ELEVATED, SafetyLevel.HIGH])
def test_the_level_takes_names_and_comments_off_the_forms(client, level):
    campaign = factories.campaign(safety=level)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert 'name="comment"' not in page
    assert 'name="show_name"' not in page
    client.post(f"/c/{campaign.slug}/sign/", typed(comment="Sneaked in", show_name="on"))
    row = Signature.objects.get()
    assert row.comment == ""
    client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed(comment="Sneaked in", show_name="on"))
    row.refresh_from_db()
    assert row.counts
    assert (row.comment, row.show_name_at) == ("", None)


@pytest.mark.requirement("S7")
def test_whoever_withdrew_or_never_confirmed_sees_and_erases_it_too(client, live, smtp):
    withdrawn = factories.signature(live.petition, address="ana@example.org", withdrawn_at=timezone.now())
    waiting = factories.signature(live.petition, confirmed=False, address="ana@example.org", name="Typed by somebody")
    client.post("/my/", {"email": "ana@example.org"})
    tasks.send_links()
    (envelope,) = smtp.received
    path = re.search(r"http://testserver(/my/[^/]+/)", envelope.content.decode().replace("=\r\n", "")).group(1)
    assert "Typed by somebody" in client.get(path).content.decode()
    for row in (withdrawn, waiting):
        client.post(f"{path}{row.pk}/erase/")
        row.refresh_from_db()
        assert row.erased_at
    assert client.get(path).status_code == 410
    assert LinkRequest.objects.count() == 0


@pytest.mark.requirement("S7")
def test_a_flood_of_requests_for_links_is_asked_for_work(client, live, one_minute):
    statuses = [client.post("/my/", {"email": f"a{number}@example.org"}).status_code for number in range(25)]
    assert statuses == [303] * 20 + [200] * 5
    assert LinkRequest.objects.count() == 20


@pytest.mark.requirement("S11")
def test_what_was_removed_comes_in_steps_too_where_it_is_dangerous(client):
    campaign, user = high(), make_staff("one@example.org")
    rows = [factories.signature(campaign.petition).pk for _ in range(40)]
    tally.settle_all()
    moderation.remove(campaign.petition, Signature.objects.filter(pk__in=rows[:3]), "abuse", user)
    tasks.take_hourly()
    assert client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]["removed"] == 0
    assert "fewer than 10 signatures removed: abusive" in client.get(f"/c/{campaign.slug}/progress/").content.decode()


def test_a_level_is_only_raised_once_people_have_signed_under_it(live):
    live.safety = SafetyLevel.HIGH
    live.save()
    live.safety = SafetyLevel.STANDARD
    with pytest.raises(ValidationError) as caught:
        live.full_clean()
    assert "safety" in caught.value.message_dict


@pytest.mark.requirement("S11")
def test_a_level_is_only_raised_once_people_have_pledged_under_it(staff):
    """Before the launch too: what they pledged would be told live, and by mails that name the cause."""
    interest = factories.campaign(status="interest", launched_at=None, safety=SafetyLevel.HIGH, pledge_threshold=10)
    where = f"/admin/campaigns/campaign/{interest.pk}/safety/"
    form = form_of(staff.get(where))
    for address in ("ana@example.org", "bo@example.org"):
        factories.pledge(interest, address=address)
    answer = staff.post(where, form | {"safety": SafetyLevel.STANDARD})
    assert "so you can only raise it" in answer.content.decode()
    interest.refresh_from_db()
    assert interest.safety == SafetyLevel.HIGH


@pytest.mark.requirement("S6")
def test_what_was_forgotten_is_not_opened_again(live):
    now = timezone.now()
    closed = factories.petition(opens_at=now - timedelta(days=300), closes_at=now - timedelta(days=200))
    live.petition = closed
    live.save()
    factories.signature(closed)
    tasks.forget()
    live.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        live.full_clean()
    assert "forgotten" in str(caught.value)
