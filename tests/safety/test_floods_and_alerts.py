"""Crowds, floods, fakes and alerts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.tasks import send_resets
from core.crypto import tokens
from core.privacy import domains
from petitions import alerts, caps, closing, suppression, tasks
from petitions.models import Alert, Review, Signature, Suppression
from tests import factories
from tests.factories import typed
from tests.house.sources import ROOMS
from tests.html import form_of
from tests.login import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
# Of the page after the form: it seals other bytes each time, and as many.
TOKEN = re.compile(r"(?<=/check-mail/)[^/]+")


def post(client, campaign, **fields):
    return client.post(f"/c/{campaign.slug}/sign/", typed(**fields))


def pending(petition, number, address="ana@example.org", **fields):
    fields = {"mailed_at": None, "mail_due_at": timezone.now()} | fields
    return factories.signatures(petition, number, confirmed=False, address=address, **fields)


@pytest.mark.requirement("A3")
def test_three_mails_a_day_and_five_a_month_for_one_petition(live, smtp):
    pending(live.petition, 4)
    tasks.send_confirmations()
    assert len(smtp.received) == 3
    for days, total in ((2, 5), (4, 5), (33, 8)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            pending(live.petition, 4)
            tasks.send_confirmations()
        assert len(smtp.received) == total, days


@pytest.mark.requirement("A3")
def test_ten_a_day_over_all_petitions(smtp):
    for _ in range(5):
        pending(factories.petition(), 3)
    tasks.send_confirmations()
    assert len(smtp.received) == 10
    assert Signature.objects.filter(mailed_at=None, mail_due_at=None).count() == 5


@pytest.mark.requirement("A3")
def test_the_cap_of_a_month_outlives_the_rows_that_were_never_confirmed(live, smtp):
    start = timezone.now()
    for day in range(30):
        with time_machine.travel(start + timedelta(days=day)):
            pending(live.petition, 1)
            tasks.send_confirmations()
            tasks.forget()
    assert Signature.objects.count() < 15
    assert len(smtp.received) == 5


@pytest.mark.requirement("A3")
def test_a_mail_whose_end_nobody_saw_counts_too(live, smtp, monkeypatch):
    from django.core import mail

    rows = pending(live.petition, 3)
    monkeypatch.setattr(mail.EmailMessage, "send", lambda self, *args: (_ for _ in ()).throw(TimeoutError()))
    for row in rows:
        Signature.objects.exclude(pk=row.pk).update(mail_due_at=None)
        Signature.objects.filter(pk=row.pk).update(mail_due_at=timezone.now())
        tasks.send_confirmations()
    monkeypatch.undo()
    pending(live.petition, 1)
    tasks.send_confirmations()
    assert len(smtp.received) == 0


@pytest.mark.requirement("A3")
def test_capped_rows_do_not_hold_up_others(live, smtp):
    pending(live.petition, 120)
    pending(live.petition, 1, "other@example.org")
    tasks.send_confirmations()
    assert {envelope.rcpt_tos[0] for envelope in smtp.received} == {"ana@example.org", "other@example.org"}


@pytest.mark.requirement("A3")
def test_other_spellings_are_the_same_mailbox(live, smtp):
    for spelling in ("a.na@gmail.com", "ana+1@gmail.com", "ana@googlemail.com", "ANA@gmail.com"):
        pending(live.petition, 1, spelling)
    tasks.send_confirmations()
    assert len(smtp.received) == 3


@pytest.mark.requirement("A3")
def test_any_link_that_went_out_still_confirms_with_its_owners_edits(client, live, smtp):
    rows = pending(live.petition, 5)
    tasks.send_confirmations()
    mailed = [row for row in rows if Signature.objects.get(pk=row.pk).mailed_at]
    assert client.post(f"/confirm/{tokens.make('confirm', mailed[0].pk)}/", typed(name="My Edit")).status_code == 303
    assert Signature.objects.counting().get().name == "My Edit"


@pytest.mark.requirement("A4")
def test_this_was_not_me_ends_it_for_good(client, live, smtp, settings):
    rows = pending(live.petition, 2)
    tasks.send_confirmations()
    page = f"/not-me/{tokens.make('not-me', rows[0].pk)}/"
    assert b"This wasn" in client.get(page).content
    assert Suppression.objects.count() == 0
    assert client.post(page, follow=True).status_code == 200
    assert client.post(page, follow=True).status_code == 200
    assert Signature.objects.count() == 0
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: b"a-new-key-a-new-key-a-new-key-a-new-key"}
    for address in ("ana@example.org", "Ana+x@example.org"):
        post(client, live, email=address)
    tasks.send_confirmations()
    assert len(smtp.received) == 2
    assert Suppression.objects.count() == 1


@pytest.mark.requirement("A4")
def test_the_link_is_in_the_mail_and_signing_answers_as_always(client, live, smtp):
    row = pending(live.petition, 1)[0]
    caps.note(row)
    assert suppression.suppress(row.pk)
    new = post(client, live, email="new@example.org")
    known = post(client, live, email="ana@example.org")
    assert new.status_code == known.status_code == 303
    assert TOKEN.sub("", new.url) == TOKEN.sub("", known.url)
    assert len(new.url) == len(known.url)
    tasks.send_confirmations()
    (envelope,) = smtp.received
    assert b"/not-me/" in envelope.content


@pytest.mark.requirement("A4")
def test_this_was_not_me_works_when_the_signature_is_gone_and_never_says_what_is_not_so(client, live, smtp):
    row = pending(live.petition, 1)[0]
    tasks.send_confirmations()
    page = f"/not-me/{tokens.make('not-me', row.pk)}/"
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        tasks.forget()
        assert Signature.objects.count() == 0
        assert client.post(page).status_code == 303
        assert Suppression.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        Suppression.objects.all().delete()
        tasks.forget()
        response = client.post(page)
        assert response.status_code == 410
        assert b"more than 30 days old" in response.content


@pytest.mark.requirement("A10")
@pytest.mark.parametrize(
    ("address", "disposable"),
    [
        ("a@mailinator.com", True),
        ("a@sub.mailinator.com", True),
        ("a@gmail.com", False),
        ("a@duck.com", False),
        ("a@privaterelay.appleid.com", False),
        ("a@example.org", False),
    ],
)
def test_disposable_domains_wait_for_review_and_relays_do_not(client, live, address, disposable):
    assert post(client, live, email=address).status_code == 303
    row = Signature.objects.get()
    assert row.review == (Review.QUARANTINED if disposable else Review.NONE)
    assert row.mail_due_at


@pytest.mark.requirement("A10")
def test_only_domains_that_tell_nothing_are_kept_in_clear():
    assert domains.label("ana@gmail.com") == "gmail.com"
    assert domains.label("ana@mailinator.com") == "mailinator.com"
    own = domains.label("ana@small-firm.example")
    assert len(own) == 32
    assert "small" not in own
    assert own == domains.label("bo@small-firm.example") != domains.label("ana@other.example")


def raised(petition):
    alerts.raise_alerts(petition)
    alerts.raise_alerts(petition)
    return sorted(petition.alerts.values_list("kind", "detail"))


def sign(petition, number, **fields):
    factories.signatures(petition, number, confirmed=False, **fields)


@pytest.mark.requirement("A11")
def test_a_burst_of_old_confirmations_raises_an_alert(live):
    now = timezone.now()
    for _ in range(19):
        factories.signature(live.petition, mailed_at=now - timedelta(days=4))
    assert raised(live.petition) == []
    factories.signature(live.petition, mailed_at=now - timedelta(days=4))
    assert raised(live.petition) == [("old", "")]


@pytest.mark.requirement("A11")
def test_a_burst_of_old_confirmations_after_the_petition_has_closed_raises_one_too(live):
    now = timezone.now()
    for _ in range(20):
        factories.signature(live.petition, mailed_at=now - timedelta(days=4))
    closing.close(live.petition)
    tasks.raise_alerts()
    assert live.petition.alerts.get().kind == "old"


@pytest.mark.requirement("A12")
def test_more_from_a_country_than_can_be_raise_an_alert(live):
    sign(live.petition, 20, country="VA")
    assert raised(live.petition) == []
    sign(live.petition, 1, country="VA")
    sign(live.petition, 30, country="ES")
    assert raised(live.petition) == [("country", "VA")]


@pytest.mark.requirement("A12")
def test_a_share_of_one_domain_raises_an_alert(live):
    sign(live.petition, 40, domain="gmail.com")
    sign(live.petition, 16, domain="a" * 32)
    assert raised(live.petition) == []
    sign(live.petition, 15, domain="a" * 32)
    assert raised(live.petition) == [("domain", "aaaaaaaa")]


@pytest.mark.requirement("A12")
def test_forms_filled_in_too_fast_raise_an_alert(live):
    sign(live.petition, 24, seconds=30)
    sign(live.petition, 6, seconds=1)
    assert raised(live.petition) == []
    sign(live.petition, 1, seconds=0)
    assert raised(live.petition) == [("fast", "")]


@pytest.mark.requirement("A12")
def test_forms_that_do_not_say_when_they_were_shown_raise_an_alert(live):
    sign(live.petition, 24)
    sign(live.petition, 7, seconds=None)
    assert raised(live.petition) == [("fast", "")]


@pytest.mark.requirement("A12")
def test_how_long_the_form_took_is_noted(client, live):
    shown = int(form_of(client.get(live.get_absolute_url()))["shown_at"])
    with time_machine.travel(datetime.fromtimestamp(shown + 42, UTC), tick=False):
        post(client, live, shown_at=str(shown))
    assert Signature.objects.get().seconds == 42
    for nonsense in ("", "-5", "99999999999999999999"):
        assert post(client, live, shown_at=nonsense).status_code in (303, 422)


@pytest.mark.requirement("A12")
def test_one_name_many_times_raises_an_alert(client, live):
    sign(live.petition, 19, name_hash=b"n" * 16)
    assert raised(live.petition) == []
    sign(live.petition, 1, name_hash=b"n" * 16)
    assert raised(live.petition) == [("name", "6e6e6e6e")]


@pytest.mark.requirement("A12")
def test_names_are_known_for_a_day_only(client, live):
    live.petition.opens_at = datetime(2026, 1, 1, tzinfo=UTC)
    live.petition.save()
    with time_machine.travel("2026-06-15T12:00:00Z"):
        post(client, live, name="Ana  EXAMPLE", email="a@example.org")
        post(client, live, name="ana example", email="b@example.org")
    with time_machine.travel("2026-06-16T12:00:00Z"):
        post(client, live, name="ana example", email="c@example.org")
    first, second, third = (bytes(row.name_hash) for row in Signature.objects.order_by("signed_at"))
    assert first == second != third


@pytest.mark.requirement("A12")
def test_a_night_as_busy_as_the_day_raises_an_alert(live):
    live.time_zone = "Asia/Kolkata"
    live.save()
    morning = datetime(2026, 6, 15, 5, 10, tzinfo=live.zone)
    with time_machine.travel(morning):
        for hours in range(1, 25):
            sign(live.petition, 25, signed_at=morning.replace(minute=0) - timedelta(hours=hours) + timedelta(minutes=5))
        assert raised(live.petition) == [("night", "")]


@pytest.mark.requirement("A12")
def test_a_quiet_night_raises_no_alert(live):
    morning = datetime(2026, 6, 15, 5, 10, tzinfo=UTC)
    with time_machine.travel(morning):
        for hours in range(1, 25):
            sign(
                live.petition,
                30 if hours > 3 else 20,
                signed_at=morning.replace(minute=0) - timedelta(hours=hours) + timedelta(minutes=5),
            )
        assert raised(live.petition) == []


@pytest.mark.requirement("A12")
def test_staff_see_alerts_and_mark_them_as_seen(staff, live):
    alert = Alert.objects.create(petition=live.petition, kind="fast")
    tasks.raise_alerts()
    assert "forms filled in under two seconds" in staff.get("/admin/petitions/alert/").content.decode()
    staff.post("/admin/petitions/alert/", {"action": "seen", "_selected_action": str(alert.pk)})
    alert.refresh_from_db()
    assert alert.seen_at


@pytest.mark.requirement("A21")
def test_the_server_fetches_no_url_that_a_visitor_supplied(settings):
    """Few modules speak HTTP, and all of them to X_API_BASE alone (core/web/transport.py refuses the rest), to ALERT_WEBHOOK or to
    TIMESTAMP_AUTHORITY."""
    speaks = re.compile(r"(import|from) (requests|urllib\.request|urllib3|http\.client|aiohttp|httpx|tweepy|socket)\b")
    files = [file.relative_to(settings.BASE_DIR) for file in settings.BASE_DIR.rglob("*.py")]
    own = [file for file in files if file.parts[0] in ROOMS and "tests" not in file.parts]
    speaking = {str(file) for file in own if speaks.search((settings.BASE_DIR / file).read_text())}
    expected = {
        "operations/alert_webhook.py",
        "core/web/transport.py",
        # The name of this machine is all they ask for.
        "operations/conditions.py",
        "operations/machines.py",
        "operations/recovery/journal.py",
        "operations/management/commands/workers.py",
        "accounts/adapters.py",
        "accounts/xlogin.py",
        "actions/x/client.py",
        "actions/x/errors.py",
    }
    assert speaking == expected
    posting = {str(file) for file in own if "transport.post(" in (settings.BASE_DIR / file).read_text()}
    assert posting == {"campaigns/delivering/stamping.py"}


@pytest.mark.requirement("A24")
def test_a_login_never_waits_for_a_mail_server(client, smtp, settings):
    make_staff("ana@example.org")
    settings.EMAIL_PORT = 1
    assert client.post("/accounts/password/reset/", {"email": "ana@example.org"}).status_code == 302
    send_resets()
    settings.EMAIL_PORT = smtp.port
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        send_resets()
        send_resets()
    (envelope,) = smtp.received
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert b"/accounts/password/reset/key/" in envelope.content.replace(b"=\r\n", b"")


@pytest.mark.requirement("A24")
def test_the_cookie_is_strict(client):
    make_staff("ana@example.org")
    response = client.post("/accounts/login/", {"login": "ana@example.org", "password": PASSWORD})
    cookie = response.cookies["sessionid"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True)


@pytest.mark.requirement("A24")
def test_no_account_is_linked_by_address(settings):
    assert settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION is False
    assert settings.SOCIALACCOUNT_QUERY_EMAIL is False


@pytest.mark.requirement("F3")
def test_a_server_that_refuses_everybody_loses_nobody(live, smtp):
    for number in range(8):
        pending(live.petition, 1, f"s{number}@example.org")
    smtp.rcpt = "554 5.7.1 your address is blocked"
    tasks.send_confirmations()
    smtp.rcpt = "250 OK"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        tasks.send_confirmations()
    assert len(smtp.received) == 8


@pytest.mark.requirement("F3")
def test_a_database_that_hesitates_loses_no_mail(live, smtp, monkeypatch):
    pending(live.petition, 2)
    monkeypatch.setattr(caps, "may_write", lambda row: (_ for _ in ()).throw(OperationalError("deadlock")))
    tasks.send_confirmations()
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        tasks.send_confirmations()
    assert len(smtp.received) == 2


@pytest.mark.requirement("F3")
def test_one_full_mailbox_does_not_make_the_mail_late(client, live):
    pending(live.petition, 1, signed_at=timezone.now() - timedelta(hours=5))
    assert b"late just now" not in client.get(f"/c/{live.slug}/check-mail/").content
    pending(live.petition, 2, signed_at=timezone.now() - timedelta(hours=5))
    assert b"late just now" in client.get(f"/c/{live.slug}/check-mail/").content


@pytest.mark.requirement("F3")
def test_an_hour_without_mail_loses_nothing_and_the_page_says_so(client, live, smtp, settings):
    start = timezone.now()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for minute in range(0, 60, 10):
        with time_machine.travel(start + timedelta(minutes=minute)):
            post(client, live, email=f"s{minute}@example.org")
            tasks.send_confirmations()
    with time_machine.travel(start + timedelta(minutes=61)):
        assert b"late just now" in client.get(f"/c/{live.slug}/check-mail/").content
        assert Signature.objects.exclude(mailed_at=None).count() == 0
        settings.EMAIL_PORT = port
        tasks.send_confirmations()
        assert len(smtp.received) == 6
        assert b"late just now" not in client.get(f"/c/{live.slug}/check-mail/").content
    with time_machine.travel(start + timedelta(days=7)):
        tasks.forget()
        row = Signature.objects.first()
        assert client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed()).status_code == 303
