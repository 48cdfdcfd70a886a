"""Staff who are logged in, and logging in as people do: through the pages, with a second factor."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.apps import apps
from django.http import HttpRequest
from django.test import Client

from accounts import sessions
from accounts.models import User

PASSWORD = "a long enough password"


def make_staff(
    email: str = "staff@example.org", superuser: bool = True, second_factor: bool = True, groups: tuple = ()
) -> User:
    user = User.objects.create_user(email.split("@")[0], email, PASSWORD, is_staff=True, is_superuser=superuser)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.groups.set(groups)
    if apps.is_installed("campaigns"):
        user.campaigns.set(apps.get_model("campaigns", "campaign").objects.all())
    if second_factor:
        user.totp_secret = generate_totp_secret()
        TOTP.activate(user, user.totp_secret)
    return user


def code(secret: str) -> str:
    """The code of this half minute; of the next one, when this one is all but over."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left + 0.1)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(user: User, host: str = "testserver") -> Client:
    client = Client(headers={"host": host})
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    if hasattr(user, "totp_secret"):
        response = client.post("/accounts/2fa/authenticate/", {"code": code(user.totp_secret)})
        assert response.status_code == 302, response.content.decode()
    return client


def logged_in(user: User, host: str = "testserver") -> Client:
    """The browser that `log_in` gives, at once: for tests whose subject is something else. test_staff_login.py compares the two."""
    client, request = Client(headers={"host": host}), HttpRequest()
    client.force_login(user)
    request.session = client.session
    record_authentication(request, user, "password", email=user.email)
    for factor in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP):
        record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    request.session.set_expiry(0)
    request.session.save()
    if user.is_staff:
        request.user = user
        sessions.note(request)
        request.session.save()
    return client
