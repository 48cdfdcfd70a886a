"""The way of somebody who was invited: the link, a password and a code, or a passkey instead of both; then the admin.

What was chosen so far waits in the session. Nobody has an account before the last step.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import SetPasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from allauth.mfa.webauthn.forms import SignupWebAuthnForm
from allauth.mfa.webauthn.internal.auth import WebAuthn, begin_registration
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import codes, devices, inviting, second_factor
from accounts.mails import INVITATION
from accounts.models import Invitation, User
from core.crypto import tokens
from core.web.http import SeeOther, cookieless_post, secret_page, unkept_page
from core.web.ratelimit import no_guessing

# Keys of the session: whose invitation it is, the hash of a password that was chosen, the number an account will have.
WHICH, PASSWORD, NUMBER = "invitation", "invited_password", "invited_number"
forms_only = require_http_methods(["GET", "HEAD", "POST"])
Page = Callable[[HttpRequest, Invitation], HttpResponse]


@secret_page
@no_guessing(INVITATION)
@cookieless_post
@forms_only
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing; the button begins, at an address without the secret."""
    try:
        row = Invitation.objects.open().get(pk=tokens.read(INVITATION, token))
    except (tokens.BadToken, Invitation.DoesNotExist):
        return _gone(request)
    if request.method == "POST":
        logout(request)
        request.session[WHICH] = str(row.pk)
        return SeeOther(reverse("account_invited"))
    return render(request, "accounts/invitation.html", {"row": row, "roles": inviting.roles_of(row), "token": token})


def _invited(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """A step of the way, for whoever pressed the button of an invitation that is still open."""

    @unkept_page
    @forms_only
    def view(request: HttpRequest) -> HttpResponse:
        which: str | None = request.session.get(WHICH)
        row = Invitation.objects.open().filter(pk=which).first() if which else None
        return page(request, row) if row else _gone(request)

    return view


@_invited
def choose(request: HttpRequest, row: Invitation) -> HttpResponse:
    form = SetPasswordForm(data=request.POST or None, user=User(email=row.email))
    if request.method == "POST" and form.is_valid():
        request.session[PASSWORD] = make_password(form.cleaned_data["password1"])
        return SeeOther(reverse("account_invited_app"))
    return render(request, "accounts/invited.html", {"row": row, "form": form})


@_invited
def app(request: HttpRequest, row: Invitation) -> HttpResponse:
    user = User(email=row.email, password=request.session.get(PASSWORD, ""))
    if not user.password:
        return redirect("account_invited")
    form = ActivateTOTPForm(data=request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():

        def add(user: User) -> Authenticator:
            codes.take(user, form.secret, form.cleaned_data["code"])
            return cast(Authenticator, TOTP.activate(user, form.secret).instance)

        return _finish(request, row, user, add)
    adapter = get_mfa_adapter()
    square = base64.b64encode(adapter.build_totp_svg(adapter.build_totp_url(user, form.secret)).encode()).decode()
    return render(request, "accounts/invited_app.html", {"form": form, "square": f"data:image/svg+xml;base64,{square}"})


@_invited
def passkey(request: HttpRequest, row: Invitation) -> HttpResponse:
    number = request.session.get(NUMBER) or inviting.next_user_id()
    request.session[NUMBER] = number
    user = User(pk=number, email=row.email, username=row.email)
    user.set_unusable_password()
    form = SignupWebAuthnForm(data=request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]
        return _finish(request, row, user, lambda user: WebAuthn.add(user, name, credential).instance)
    options = {"creation_options": begin_registration(user, True)}
    return render(request, "accounts/invited_passkey.html", {"form": form, "js_data": options})


def _finish(
    request: HttpRequest, row: Invitation, user: User, add_factor: Callable[[User], Authenticator]
) -> HttpResponse:
    try:
        factor = inviting.accept(row, user, add_factor)
    except (Invitation.DoesNotExist, IntegrityError):
        return _gone(request)
    clear_totp_secret(request)
    for key in (WHICH, PASSWORD, NUMBER):
        request.session.pop(key, None)
    get_adapter().login(request, user)
    if user.has_usable_password():
        record_authentication(request, user, "password", email=row.email)
    second_factor.record(request, user, factor)
    response = SeeOther(reverse("mfa_view_recovery_codes"))
    devices.remember(request, response, user)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=410)
