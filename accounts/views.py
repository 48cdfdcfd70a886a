from __future__ import annotations

from typing import cast
from uuid import UUID

from allauth.account.forms import UserTokenForm
from allauth.account.views import login as allauth_login
from allauth.account.views import password_reset_from_key
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import deleting, devices, sessions
from accounts.models import StaffSession, User
from core.privacy.clients import client_hash
from core.web.http import cookieless_post, secret_page, unkept_page
from core.web.ratelimit import MINUTE, hits_this_minute

# Each try costs us a third of a second of work; who guesses is slowed by account (guessing.py), and this is only for floods.
LOGINS_A_MINUTE = 60


def login(request: HttpRequest) -> HttpResponse:
    flood = request.method == "POST" and hits_this_minute("login", client_hash(request)) > LOGINS_A_MINUTE
    if flood and devices.trusted(request) is None:
        response = render(request, "accounts/slow_down.html", status=429)
        response.headers["Retry-After"] = str(MINUTE)
        return response
    return cast(HttpResponse, allauth_login(request))


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """What is kept about whoever is logged in, and the way out."""
    linked = SocialAccount.objects.filter(user=request.user)
    mine = sessions.of(request.user) if request.user.is_staff else []
    context = {"linked": linked, "sessions": mine, "this_one": request.session.session_key}
    return render(request, "accounts/me.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of one's own; what has ended already has ended."""
    sessions.end(StaffSession.objects.filter(user=request.user.pk, pk=pk))
    return redirect("account_me")


@require_POST
@login_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """A supporter's account goes at once, with its link to X; staff are removed by other staff."""
    if request.user.is_staff:
        return redirect("account_me")
    user = cast(User, request.user)
    logout(request)
    deleting.delete(user)
    return redirect("/")


@secret_page
@cookieless_post
def begin_reset(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """The mailed address: a button that leads to the form, at an address without the secret.

    Without the button the browser would come from the mail program, and keep the strict cookie back in which the secret is.
    """
    if request.method != "POST" and UserTokenForm({"uidb36": uidb36, "key": key}).is_valid():
        return render(request, "accounts/begin_reset.html")
    return cast(HttpResponse, password_reset_from_key(request, uidb36=uidb36, key=key))


reset_password = unkept_page(password_reset_from_key)


def shut(request: HttpRequest, **kwargs: str) -> HttpResponse:
    raise Http404
