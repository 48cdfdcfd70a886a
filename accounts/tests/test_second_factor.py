"""The first second factor is set up in one go: one password, one code, and then the page that was wanted."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import Device, UsedCode
from tests.html import Html
from tests.login import PASSWORD, code, log_in, make_staff

pytestmark = pytest.mark.django_db
APP = "/accounts/2fa/totp/activate/"


def begun(user):
    client = Client()
    wanted = "/admin/accounts/user/?is_staff__exact=1"
    login = client.get(wanted, follow=True).redirect_chain[-1][0]
    response = client.post(login, {"login": user.email, "password": PASSWORD, "next": wanted})
    assert response.url == wanted
    assert client.get(wanted).url == "/accounts/2fa/"
    return client


def set_up(client):
    page = client.get(APP)
    assert page.status_code == 200
    secret = page.context["form"].secret
    return secret, client.post(APP, {"code": code(secret)})


def test_one_password_and_one_code_and_the_wanted_page_is_open():
    user = make_staff(second_factor=False)
    client = begun(user)
    secret, response = set_up(client)
    assert response.url == "/accounts/2fa/recovery-codes/"
    page = client.get(response.url)
    assert page.status_code == 200
    assert len(re.findall(r"\b\d{8}\b", Html(page).one("textarea").text)) == 10
    wanted = Html(page).one("a.go")["href"]
    assert client.get(wanted).status_code == 200
    assert Device.objects.filter(user=user).count() == 1


def test_the_code_of_the_set_up_is_used_up():
    user = make_staff(second_factor=False)
    _, response = set_up(begun(user))
    assert response.status_code == 302
    assert UsedCode.objects.get().user == user


def test_a_second_factor_that_was_set_up_does_not_stand_for_one_that_was_not_shown():
    user = make_staff(second_factor=False)
    client = begun(user)
    TOTP.activate(user, generate_totp_secret())
    Authenticator.objects.filter(user=user).update(type="webauthn", data={"name": "key", "credential": {}})
    set_up(client)
    assert client.get("/admin/").url.startswith("/accounts/2fa/reauthenticate/")


def test_a_login_of_some_time_ago_is_asked_for_its_password_again(monkeypatch):
    client = begun(make_staff(second_factor=False))
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(APP).url.startswith("/accounts/reauthenticate/")


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("way", ["its page", "the list"])
def test_a_factor_that_an_administrator_removed_takes_its_recovery_codes_along(staff, way):
    """Left alone they would keep their owner out of the admin, and open to whoever found them."""
    user = make_staff("lost@example.org")
    stolen = RecoveryCodes.activate(user).get_unused_codes()[0]
    factor = Authenticator.objects.get(user=user, type="totp")
    if way == "its page":
        staff.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [factor.pk], "post": "yes"}
        staff.post("/admin/mfa/authenticator/", chosen)
    assert not Authenticator.objects.filter(user=user).exists()
    _, response = set_up(begun(user))
    assert response.url == "/accounts/2fa/recovery-codes/"
    assert stolen not in Client().get(response.url).content.decode()
    assert not any(
        factor.wrap().validate_code(stolen) for factor in Authenticator.objects.filter(user=user, type="recovery_codes")
    )


@pytest.mark.requirement("S17")
def test_a_login_with_a_factor_that_was_removed_opens_nothing_any_more():
    user = make_staff()
    thief = log_in(user)
    assert thief.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    set_up(begun(user))
    assert thief.get("/admin/").url.startswith("/accounts/2fa/reauthenticate/")
