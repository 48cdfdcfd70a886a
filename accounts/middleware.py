from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.second_factor import WANTED

ADMIN = "/admin/"


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The admin opens only to a login in which a second factor was shown; X alone never satisfies it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN) and request.user.is_authenticated:
            if came_by_x(request):
                logout(request)
                return redirect_to_login(request.get_full_path())
            shown = showed_second_factor(request)
            if not shown and not is_mfa_enabled(request.user):
                request.session[WANTED] = request.get_full_path()
                return redirect("mfa_index")
            if not shown:
                return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return get_response(request)

    return middleware


def came_by_x(request: HttpRequest) -> bool:
    """A supporter's session, even if its owner has joined the staff meanwhile and showed a second factor in it."""
    return any(record.get("method") == "socialaccount" for record in get_authentication_records(request, request.user))


def showed_second_factor(request: HttpRequest) -> bool:
    """One that still stands: a login with a factor that was lost and removed is worth nothing any more."""
    records = get_authentication_records(request, request.user)
    shown = [record.get("id") for record in records if record.get("method") == "mfa"]
    return bool(Authenticator.objects.filter(user=request.user.pk, pk__in=shown).exists())
