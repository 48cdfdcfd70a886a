"""Administrators hear of what hinders the running site once, and once when it is over."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import observations
from core.mail import outbox
from core.models import StaffMail
from core.tasks import compose
from operations import alert_webhook, conditions, incidents, known_conditions
from operations.models import AlertPost, Incident
from operations.recovery import journal
from operations.tasks import tell_incidents, write_journal
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 15, 8, tzinfo=UTC)


@pytest.fixture
def matter(monkeypatch):
    """A condition that holds as it is told, looked at by itself, minute by minute."""
    state = SimpleNamespace(holds=True, now=START, machine="")
    made = known_conditions.Condition(
        "x",
        _("Signatures are not counted"),
        _("Look."),
        lambda: state.holds,
        timedelta(minutes=2),
        lambda: state.machine,
    )
    monkeypatch.setitem(known_conditions._conditions, "x", made)

    def look(minutes):
        for _minute in range(minutes):
            with time_machine.travel(state.now, tick=False):
                incidents.look_at_all([made])
            state.now += timedelta(minutes=1)

    state.look = look
    return state


@pytest.fixture
def webhook(settings):
    class Take(BaseHTTPRequestHandler):
        def do_POST(self):
            server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(server.answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    server.taken, server.answer = [], 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ALERT_WEBHOOK = f"http://127.0.0.1:{server.server_port}/hooks/SECRET"
    yield server
    server.shutdown()
    server.server_close()


def test_administrators_hear_of_it_once_and_once_when_it_is_over(matter):
    make_staff()
    make_staff("moderator@example.org", superuser=False)
    matter.look(2)
    assert StaffMail.objects.count() == 0
    matter.look(60)
    began = StaffMail.objects.get()
    incident = Incident.objects.get()
    assert began.to == "staff@example.org"
    assert began.subject == "Example Rights Network: Signatures are not counted"
    assert f"http://testserver/admin/operations/incident/{incident.pk}/change/" in began.text
    assert "2026-06-15 08:00 UTC" in began.text
    matter.holds = False
    matter.look(20)
    assert StaffMail.objects.count() == 2
    assert StaffMail.objects.latest("pk").subject == "Example Rights Network: Over: Signatures are not counted"
    assert Incident.objects.get().over_at is not None


def test_what_comes_and_goes_is_told_once(matter):
    make_staff()
    for _time in range(10):
        matter.holds = not matter.holds
        matter.look(4)
    assert StaffMail.objects.count() == 1


def test_nobody_hears_of_what_did_not_last(matter):
    make_staff()
    matter.look(2)
    matter.holds = False
    matter.look(20)
    assert StaffMail.objects.count() == Incident.objects.count() == 0


def test_it_is_an_incident_of_each_machine_and_ends_when_a_machine_is_gone(matter):
    for matter.machine in ("one", "two"):
        matter.look(4)
    assert Incident.objects.open().count() == 2
    matter.machine, matter.holds, matter.now = "three", False, START + timedelta(days=2)
    matter.look(1)
    assert Incident.objects.open().count() == 0


def test_one_that_can_not_be_looked_at_keeps_nobody_from_the_others(matter, caplog):
    def fail():
        raise ValueError("x")

    broken = known_conditions.Condition("broken", _("x"), _("x"), fail, timedelta(0), lambda: "")
    fine = known_conditions.Condition("fine", _("x"), _("x"), lambda: True, timedelta(0), lambda: "")
    incidents.look_at_all([broken, fine])
    assert [incident.name for incident in Incident.objects.all()] == ["fine"]
    assert "broken" in caplog.text


def test_the_webhook_is_told_too(matter, webhook):
    matter.look(4)
    matter.holds = False
    matter.look(20)
    alert_webhook.post_due()
    began, over = webhook.taken
    assert (began["state"], over["state"]) == ("began", "over")
    assert began["text"].startswith("Example Rights Network: Signatures are not counted\nhttp://testserver/admin/")
    assert "Over: " not in began["details"]
    assert "Over: " in over["details"]
    assert AlertPost.objects.count() == 0


@pytest.mark.parametrize("answer", [500, 404, 302])
def test_a_webhook_that_fails_is_asked_again_for_an_hour_and_its_url_stays_secret(matter, webhook, caplog, answer):
    webhook.answer = answer
    matter.look(4)
    alert_webhook.post_due()
    alert_webhook.post_due()
    assert len(webhook.taken) == 1
    for minute in range(1, 70):
        with time_machine.travel(timezone.now() + timedelta(minutes=minute * 2), tick=False):
            alert_webhook.post_due()
    assert len(webhook.taken) == alert_webhook.ATTEMPTS
    assert AlertPost.objects.count() == 0
    assert "SECRET" not in caplog.text


def test_a_webhook_that_is_away_holds_up_nothing(matter, settings, caplog):
    settings.ALERT_WEBHOOK = "http://127.0.0.1:1/hooks/SECRET"
    matter.look(4)
    alert_webhook.post_due()
    assert AlertPost.objects.get().attempts == 1
    assert "SECRET" not in caplog.text


def test_a_mail_server_that_takes_nothing_is_noticed_and_forgiven(smtp, settings):
    for number in range(6):
        StaffMail.objects.create(to=f"s{number}@example.org", subject="x", text="x", mail_due_at=timezone.now())
    smtp.rcpt = "550 no"
    outbox.send_due(StaffMail, compose)
    assert conditions.the_mail_server_takes_nothing()
    smtp.rcpt = "250 OK"
    StaffMail.objects.update(mail_due_at=timezone.now())
    assert outbox.send_due(StaffMail, compose) == 6
    assert not conditions.the_mail_server_takes_nothing()
    StaffMail.objects.update(mail_due_at=timezone.now(), mail_attempts=0)
    settings.EMAIL_PORT = 1
    outbox.send_due(StaffMail, compose)
    assert conditions.the_mail_server_takes_nothing()


@pytest.mark.parametrize(("free", "is_full"), [(60, False), (40, True)])
def test_a_disk_is_nearly_full_when_a_twentieth_is_left(monkeypatch, free, is_full):
    monkeypatch.setattr(conditions.shutil, "disk_usage", lambda folder: SimpleNamespace(total=1000, free=free))
    assert conditions.the_disk_is_nearly_full() == is_full
    monkeypatch.setattr(conditions.shutil, "disk_usage", lambda folder: SimpleNamespace(total=10**14, free=10**11))
    assert not conditions.the_disk_is_nearly_full()


def test_a_day_without_a_backup_is_noticed_where_there_are_any(settings):
    def late_after(hours):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            return conditions.no_backup_was_made_lately()

    assert not late_after(0)
    assert not late_after(100)
    settings.BACKUP_RECIPIENTS = ["age1example"]
    assert not late_after(0)
    assert [late_after(24), late_after(26)] == [False, True]
    with time_machine.travel(timezone.now() + timedelta(hours=26)):
        observations.renew(observations.BACKED_UP)
    assert [late_after(26), late_after(50), late_after(52)] == [False, False, True]


def test_a_journal_that_is_not_written_is_noticed_where_there_is_one(settings, tmp_path):
    def after(minutes):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            return conditions.the_journal_is_behind()

    journal.note_not_me(b"h" * 32, 1, 2)
    assert not after(100)
    (tmp_path / "file").touch()
    settings.JOURNAL_PATH = tmp_path / "file"
    with pytest.raises(FileExistsError):
        write_journal()
    assert [after(4), after(6)] == [False, True]
    settings.JOURNAL_PATH = tmp_path / "folder"
    write_journal()
    assert not after(6)


def test_staff_see_incidents_and_that_nobody_looks_any_more(matter, admin):
    matter.look(4)
    page = admin.get("/admin/operations/incident/").content.decode()
    assert "Signatures are not counted" in page
    assert "Nothing checks any more" in page
    observations.renew(observations.LOOKED)
    assert "Nothing checks any more" not in admin.get("/admin/operations/incident/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert incidents.is_silent()
    incident = Incident.objects.get()
    Incident.objects.update(name="tally")
    page = admin.get(f"/admin/operations/incident/{incident.pk}/change/").content.decode()
    assert "Signatures are not counted" in page
    assert "No signature is lost" in page


def test_others_on_the_staff_do_not_see_incidents():
    client = logged_in(make_staff(superuser=False))
    assert client.get("/admin/operations/incident/").status_code == 403


def test_all_is_well_on_a_site_that_just_runs(live):
    make_staff()
    tell_incidents()
    assert Incident.objects.count() == StaffMail.objects.count() == 0
    assert not incidents.is_silent()
