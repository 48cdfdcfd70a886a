"""A forgotten password: by mail to the staff's own address only, and nobody learns who has an account."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tasks
from accounts.models import ResetRequest, User
from core.models import StaffMail
from core.tasks import send_mails
from tests.login import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
NEW = "another long enough password"


def ask(address):
    cache.clear()  # not the limit by client, which is for floods, is looked at here
    return Client().post("/accounts/password/reset/", {"email": address})


def mailed(smtp):
    tasks.send_resets()
    send_mails()
    return [message_from_bytes(one.content, policy=policy.default) for one in smtp.received]


@pytest.fixture
def people(db):
    make_staff("ana@example.org")
    User.objects.create_user("gone", "gone@example.org", PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("former", "former@example.org", PASSWORD)
    User.objects.create_user("x-4711")


@pytest.mark.requirement("A24")
def test_only_staff_get_a_link_and_nobody_else_a_mail(people, smtp):
    for address in ("nobody@example.org", "gone@example.org", "former@example.org", "ANA@example.org"):
        ask(address)
    (mail,) = mailed(smtp)
    assert mail["To"] == "ana@example.org"
    assert StaffMail.objects.count() == 0


@pytest.mark.requirement("A24")
def test_an_unknown_address_gets_the_same_answer_for_the_same_work(people):
    ask("somebody@example.org")
    answers = {}
    for address in ("ana@example.org", "nobody@example.org", "gone@example.org", "former@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = ask(address)
        statements = [re.sub(r"'[^']*'", "?", query["sql"]) for query in queries]
        answers[address] = response.status_code, response.url, without_id(response), statements
    ana = answers.pop("ana@example.org")
    assert all(answer == ana for answer in answers.values()), answers


def without_id(response):
    return {name: value for name, value in response.headers.items() if name != "X-Request-Id"}


@pytest.mark.requirement("A24")
def test_three_links_a_day_and_nobody_is_told(people, smtp):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            assert ask("ana@example.org").status_code == 302
        assert len(mailed(smtp)) == 3
        clock.shift(timedelta(days=1, minutes=1))
        ask("ana@example.org")
        assert len(mailed(smtp)) == 4
        clock.shift(timedelta(days=3))
        tasks.forget()
        assert ResetRequest.objects.count() == 0


def test_the_mail_is_ours_and_its_link_opens_a_form_that_may_be_sent(people, smtp, settings):
    settings.ORGANISATION = "Open Rivers"
    ask("ana@example.org")
    (mail,) = mailed(smtp)
    text = mail.get_body(("plain",)).get_content()
    assert "Open Rivers" in mail["Subject"] and "Open Rivers" in text
    client = Client(enforce_csrf_checks=True)
    link = re.search(r"http://testserver(/\S+)", text)[1]
    first = client.get(link)
    assert first["Referrer-Policy"] == "no-referrer"
    assert not client.cookies
    assert client.post(link, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    first = client.post(link, headers={"origin": "null", "sec-fetch-site": "same-origin"})
    form = client.get(first.url)
    assert form["Referrer-Policy"] == "same-origin"
    assert "no-store" in form["Cache-Control"]
    fields = {"password1": NEW, "password2": NEW, "csrfmiddlewaretoken": form.context["csrf_token"]}
    assert client.post(first.url, fields, headers={"origin": "null"}).status_code == 403
    assert client.post(first.url, fields, headers={"origin": "http://testserver"}).status_code == 302
    assert User.objects.get(email="ana@example.org").check_password(NEW)
    assert b"Bad Token" in Client().get(link, follow=True).content


def test_a_name_with_signs_stays_what_it_is_in_text(people, smtp, settings):
    settings.ORGANISATION = "Cats & Dogs"
    ask("ana@example.org")
    (mail,) = mailed(smtp)
    assert "Cats & Dogs" in mail.get_body(("plain",)).get_content()
    assert "Cats &amp; Dogs" in mail.get_body(("html",)).get_content()


def test_no_mail_that_allauth_could_send_leaves_the_site_without_a_name(settings):
    """Those of its templates that name a site are shut off here; should one be opened again, it names the organisation."""
    from allauth.account.adapter import get_adapter

    settings.ORGANISATION = "Open Rivers"
    get_adapter().send_mail("account/email/unknown_account", "a@example.org", {})
    mail = StaffMail.objects.get()
    assert "Hello from Open Rivers!" in mail.text
    assert "Thank you for using Open Rivers!" in mail.text
