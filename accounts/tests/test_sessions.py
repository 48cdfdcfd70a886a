"""Where staff are logged in: listed without address and browser, ended by whoever they belong to or by an administrator."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions, tasks
from accounts.models import StaffSession, User
from operations.recovery import steps
from tests.html import Html
from tests.login import PASSWORD, log_in, logged_in, make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/staffsession/"
ME = "/accounts/me/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


def opened(user, **headers):
    """A browser in which this person has looked at the admin."""
    browser = logged_in(user)
    assert browser.get("/admin/", headers=headers).status_code == 200
    return browser


def is_in(browser):
    return browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (PHONE, "phone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "computer"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "computer"),
        ("curl/8.1", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_a_device_is_told_from_what_its_browser_says(agent, kind):
    assert sessions.device_of(agent) == kind


def test_a_session_says_device_and_times_and_nothing_else():
    user = make_staff()
    browser = log_in(user)
    browser.get("/admin/", headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.7")
    row = StaffSession.objects.get()
    assert (row.user, row.device) == (user, "phone")
    assert timezone.now() - row.began_at < timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_staffsession")
        kept = repr(cursor.fetchall())
    assert "203.0.113.7" not in kept
    assert "iPhone" not in kept
    assert StaffSession in steps._left_out, "who is logged in is in no backup"


def test_last_seen_is_written_once_in_five_minutes_and_the_beginning_stays():
    user = make_staff()
    browser = opened(user)
    first = StaffSession.objects.get()
    with CaptureQueriesContext(connection) as queries:
        browser.get("/admin/")
    assert not any("UPDATE" in query["sql"] for query in queries)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        browser.get("/admin/")
    row = StaffSession.objects.get()
    assert row.began_at == first.began_at
    assert row.seen_at - first.seen_at > timedelta(minutes=5)
    form = {"oldpassword": PASSWORD, "password1": PASSWORD[::-1], "password2": PASSWORD[::-1]}
    assert browser.post("/accounts/password/change/", form).status_code == 302
    assert is_in(browser)
    again = StaffSession.objects.get()
    assert again.session_id != row.session_id
    assert again.began_at == first.began_at


def test_whose_session_ends_is_logged_out_at_the_next_request():
    user = make_staff()
    here, there = opened(user), opened(user, **{"user-agent": PHONE})
    page = Html(here.get(ME))
    (end,) = [action for action in page.values("form[action]", "action") if "/me/end/" in action]
    assert is_in(there)
    assert here.post(end).url == ME
    answer = there.get("/admin/")
    assert (answer.status_code, answer.url) == (302, "/admin/login/?next=/admin/")
    assert is_in(here)
    assert here.post(end).status_code == 302, "what has ended already is no fault"
    assert StaffSession.objects.count() == 1


def test_nobody_ends_a_session_of_somebody_else():
    mine, other = opened(make_staff("one@example.org")), opened(make_staff("two@example.org"))
    row = StaffSession.objects.get(user__email="two@example.org")
    assert mine.post(f"/accounts/me/end/{row.pk}/").status_code == 302
    assert is_in(other)
    assert Client().post(f"/accounts/me/end/{row.pk}/").url.startswith("/accounts/login/")
    assert mine.get(f"/accounts/me/end/{row.pk}/").status_code == 405
    assert "/me/end/" not in mine.get(ME).content.decode()


def test_an_administrator_ends_a_session_and_it_is_on_record(staff):
    person = make_staff("one@example.org", superuser=False)
    browser = logged_in(person)
    browser.get("/admin/")
    assert staff.get(LIST).status_code == 200
    every = [str(row.pk) for row in StaffSession.objects.all()]
    assert len(every) == 2
    assert staff.post(LIST, {"action": "end", "_selected_action": every}).status_code == 302
    assert staff.get(LIST).status_code == 200, "nobody ends the one they are using"
    assert browser.get("/admin/").url == "/admin/login/?next=/admin/"
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(person.pk), "Ended a session.")


def test_what_is_over_is_not_listed_and_goes():
    user = make_staff()
    opened(user)
    orphan, expired = StaffSession.objects.get(), opened(user)
    Session.objects.filter(pk=orphan.session_id)._raw_delete(
        using="default"
    )  # As a release does that knows no such table.
    Session.objects.filter(pk=expired.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert sessions.of(user).count() == 0
    tasks.forget()
    assert StaffSession.objects.count() == 0


def test_the_list_takes_as_many_queries_for_many(staff, django_assert_max_num_queries):
    for number in range(30):
        opened(make_staff(f"person-{number}@example.org"))
    with django_assert_max_num_queries(15):
        assert staff.get(LIST).status_code == 200
    assert User.objects.count() == 31
