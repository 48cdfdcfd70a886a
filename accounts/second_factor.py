"""Setting up the first second factor, in one go: it counts as shown, and the way leads on to the page that was wanted."""

from __future__ import annotations

import time
from typing import cast

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse

from accounts import codes, devices
from accounts.models import User

# The key of the session under which the page of the admin waits that was asked for.
WANTED = "wanted"


class SetUpApp(ActivateTOTPView):
    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        response = cast(HttpResponse, super().form_valid(form))
        codes.take(form.user, form.secret, form.cleaned_data["code"])
        return _set_up(self.request, response, form.user, Authenticator.Type.TOTP)


class SetUpKey(AddWebAuthnView):
    def form_valid(self, form: AddWebAuthnForm) -> HttpResponse:
        response = cast(HttpResponse, super().form_valid(form))
        return _set_up(self.request, response, form.user, Authenticator.Type.WEBAUTHN)


def record(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """This session has shown this factor."""
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)


def logged_in_just_now(request: HttpRequest) -> bool:
    """Then nobody need be asked for the password again; X does not count."""
    records = get_authentication_records(request, request.user)
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(one["at"] > since for one in records if one["method"] in ("password", "password_reset", "mfa"))


def _set_up(request: HttpRequest, response: HttpResponse, user: User, kind: str) -> HttpResponse:
    """Only the first factor counts by being set up: who has one must show that one."""
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if [factor.type for factor in factors] == [kind]:
        record(request, user, factors.get())
        if user.is_staff:
            devices.remember(request, response, user)
    return response
