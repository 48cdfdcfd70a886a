"""Onto the staff by invitation: one link, one use, and no access before a login with two factors stands."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import inviting, mails, tasks
from accounts.models import Device, Invitation, User
from core.crypto import tokens
from core.models import StaffMail
from tests.at_once import at_once
from tests.html import form_of
from tests.login import PASSWORD, code, log_in, make_staff

pytestmark = pytest.mark.django_db


def invited(*roles, **more):
    return inviting.invite("ben@example.org", Group.objects.filter(name__in=roles or ["organiser"]), **more)


def link(row):
    return f"/accounts/invitation/{tokens.make(mails.INVITATION, row.pk)}/"


def begun(row, **options):
    client = Client(**options)
    response = client.post(link(row))
    assert (response.status_code, response.url) == (303, "/accounts/invited/")
    return client


def with_password(client):
    response = client.post("/accounts/invited/", {"password1": PASSWORD, "password2": PASSWORD})
    assert response.url == "/accounts/invited/app/", response.content.decode()
    return client.get(response.url).context["form"].secret


def finish(client, secret):
    return client.post("/accounts/invited/app/", {"code": code(secret)})


def nobody():
    return not User.objects.exists() and not Authenticator.objects.exists() and not EmailAddress.objects.exists()


@pytest.mark.requirement("S17")
def test_an_invitation_leads_through_password_and_code_into_the_admin():
    row = invited("organiser", "moderator")
    client = begun(row)
    assert nobody()
    secret = with_password(client)
    assert nobody()
    response = finish(client, secret)
    assert (response.status_code, response.url) == (303, "/accounts/2fa/recovery-codes/")
    assert client.get(response.url).status_code == 200
    assert client.get("/admin/").status_code == 200
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("ben@example.org", True, False)
    assert {group.name for group in user.groups.all()} == {"organiser", "moderator"}
    assert {one.type for one in Authenticator.objects.filter(user=user)} == {"totp", "recovery_codes"}
    assert Device.objects.get().user == user
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        user.totp_secret = secret
        assert log_in(user).get("/admin/").status_code == 200


@pytest.mark.requirement("S17")
def test_the_link_of_an_invitation_works_once():
    row = invited()
    client, late = begun(row), begun(row)
    secret = with_password(late)
    finish(client, with_password(client))
    assert Client().get(link(row)).status_code == 410
    assert Client().post(link(row)).status_code == 410
    assert late.get("/accounts/invited/").status_code == 410
    assert finish(late, secret).status_code == 410
    assert User.objects.count() == 1


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("end", ["revoked", "sent again", "expired", "forged", "foreign", "demoted"])
def test_a_link_that_has_ended_opens_nothing_at_any_step(end):
    row = invited()
    client = begun(row)
    secret = with_password(client)
    address, later = link(row), timedelta(0)
    if end == "revoked":
        inviting.revoke(row)
    elif end == "sent again":
        assert Client().get(link(inviting.send_again(row))).status_code == 200
    elif end == "expired":
        later = Invitation.LIVES + timedelta(seconds=1)
    elif end == "demoted":
        Invitation.objects.all().delete()
    else:
        address = address[:-2] + "x/" if end == "forged" else f"/accounts/invitation/{tokens.make('my', row.pk)}/"
    with time_machine.travel(timezone.now() + later):
        assert Client().get(address).status_code == 410
        assert Client().post(address).status_code == 410
        if end not in ("forged", "foreign"):
            assert finish(client, secret).status_code in (302, 410)
    assert nobody()


def test_looking_at_it_changes_nothing_and_sets_no_cookie():
    row = invited()
    before = Invitation.objects.values().get()
    client = Client()
    page = client.get(link(row))
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert b"ben@example.org" in page.content and b"organiser" in page.content
    assert not client.cookies
    assert Invitation.objects.values().get() == before


def test_no_other_site_can_press_the_button():
    row = invited()
    assert Client().post(link(row), headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_forms_on_the_way_may_be_sent_by_a_browser():
    client = begun(invited(), enforce_csrf_checks=True)
    page = client.get("/accounts/invited/")
    assert page["Referrer-Policy"] == "same-origin"
    fields = {"password1": PASSWORD, "password2": PASSWORD, "csrfmiddlewaretoken": page.context["csrf_token"]}
    assert client.post("/accounts/invited/", fields, headers={"origin": "http://testserver"}).status_code == 303
    assert "no-store" in client.get("/accounts/invited/app/")["Cache-Control"]


def test_a_password_that_is_too_easy_is_said_at_the_field_and_a_wrong_code_loses_nothing():
    client = begun(invited())
    page = client.post("/accounts/invited/", {"password1": "short", "password2": "short"})
    assert page.status_code == 200 and page.context["form"].errors["password1"]
    assert client.get("/accounts/invited/app/").status_code == 302
    secret = with_password(client)
    page = client.post("/accounts/invited/app/", {"code": "not it"})
    assert page.status_code == 200 and secret in page.content.decode()
    assert nobody()
    assert finish(client, secret).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_at_once_are_one():
    row = invited()
    clients = [begun(row), begun(row)]
    secrets = [with_password(client) for client in clients]
    codes = [code(secret) for secret in secrets]

    def press(number):
        return clients[number].post("/accounts/invited/app/", {"code": codes[number]}).status_code

    assert sorted(at_once(press, range(2), writes=User)) == [303, 410]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_invite_at_once_the_later_one_counts():
    def ask(_number):
        try:
            return inviting.invite("guest@example.org", [])
        except ValidationError:
            return None

    at_once(ask, range(8), writes=Invitation)
    assert Invitation.objects.open().count() == 1


def test_the_last_administrator_stays_one(staff):
    only = User.objects.get(is_superuser=True)
    where = f"/admin/accounts/user/{only.pk}/change/"
    form = form_of(staff.get(where))
    del form["is_superuser"]
    assert "Make somebody else an administrator first" in staff.post(where, form).content.decode()
    make_staff("second@example.org")
    assert staff.post(where, form).status_code == 302
    only.refresh_from_db()
    assert not only.is_superuser


def test_who_is_invited_gets_a_mail_from_us_and_a_second_one_kills_the_first_link(smtp, settings):
    settings.ORGANISATION = "Open Rivers"
    row = invited()
    tasks.send_invitations()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        inviting.send_again(row)
        tasks.send_invitations()
        first, second = (message_from_bytes(one.content, policy=policy.default) for one in smtp.received)
        assert first["Message-ID"] != second["Message-ID"]
        assert "Open Rivers" in first["Subject"]
        links = [
            re.search(r"http://testserver(/\S+)", mail.get_body(("plain",)).get_content())[1]
            for mail in (first, second)
        ]
        assert [Client().get(address).status_code for address in links] == [410, 200]
    assert StaffMail.objects.count() == 0


def test_a_mail_of_an_invitation_that_was_revoked_first_is_not_sent(smtp):
    inviting.revoke(invited())
    tasks.send_invitations()
    assert smtp.received == []


def test_the_command_invites_and_invites_again():
    out = StringIO()
    call_command("invite", "Ben@example.org", "--role", "organiser", "--role", "administrator", stdout=out)
    assert "ben@example.org is invited as administrator, organiser, for 7 days." in out.getvalue()
    call_command("invite", "ben@example.org", "--role", "moderator", stdout=out)
    (open_one,) = Invitation.objects.open()
    assert inviting.roles_of(open_one) == ["moderator"]
    for arguments in (["ben@example.org", "--role", "boss"], ["not an address", "--role", "organiser"]):
        with pytest.raises(CommandError):
            call_command("invite", *arguments, stdout=out)
    assert Invitation.objects.open().get() == open_one


def test_an_administrator_by_invitation_may_invite():
    client = begun(invited(administrator=True))
    finish(client, with_password(client))
    assert client.get("/admin/accounts/invitation/add/").status_code == 200


def test_administrators_invite_send_again_and_revoke_in_the_admin(staff):
    address = "/admin/accounts/invitation/"
    roles = list(Group.objects.filter(name="organiser").values_list("pk", flat=True))
    form = {"email": "Ben@Example.org", "roles": roles}
    assert staff.post(f"{address}add/", form).status_code == 302
    row = Invitation.objects.get()
    assert (row.email, row.invited_by.email, inviting.roles_of(row)) == (
        "ben@example.org",
        "staff@example.org",
        ["organiser"],
    )
    assert row.mail_due_at
    assert "has already been invited" in staff.post(f"{address}add/", form).content.decode()
    assert "already has an account" in staff.post(f"{address}add/", {"email": "STAFF@example.org"}).content.decode()
    staff.post(address, {"action": "send_again", "_selected_action": [str(row.pk)]})
    assert Invitation.objects.open().count() == 1 and Invitation.objects.count() == 2
    new = Invitation.objects.open().get()
    assert inviting.roles_of(new) == ["organiser"]
    staff.post(address, {"action": "revoke", "_selected_action": [str(new.pk)]})
    assert not Invitation.objects.open().exists()
    assert staff.get(address).status_code == 200
    assert staff.get(f"{address}{new.pk}/change/").status_code == 200
    assert staff.post(f"{address}{new.pk}/change/", form).status_code == 403
    assert staff.get("/admin/accounts/user/add/").status_code == 403


@pytest.mark.parametrize("role", ["organiser", "moderator"])
def test_nobody_else_invites(role):
    client = log_in(make_staff(superuser=False, groups=[Group.objects.get(name=role)]))
    for address in ("/admin/accounts/invitation/", "/admin/accounts/invitation/add/"):
        assert client.get(address).status_code == 403
    assert client.post("/admin/accounts/invitation/add/", {"email": "x@example.org"}).status_code == 403
    assert not Invitation.objects.exists()


def test_the_database_keeps_invitations_single(staff):
    row = invited()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(email="BEN@example.org", expires_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(accepted_at=timezone.now())
    with pytest.raises(ValidationError):
        inviting.invite("staff@example.org", [])


def test_an_address_that_did_not_come_is_forgotten():
    invited()
    with time_machine.travel(timezone.now() + timedelta(days=38)):
        tasks.forget()
    assert not Invitation.objects.exists()
