"""Somebody who was invited and given no role yet finds one page in the admin, which says whom to ask."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.middleware import ADMIN
from accounts.models import User


def ask_for_a_role(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Instead of an empty admin, and of refusals that say nothing. Stands behind the second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ADMIN):
            return get_response(request)
        user = request.user
        if not isinstance(user, User) or not _has_no_role(user):
            return get_response(request)
        if request.path == reverse("admin:logout"):
            return get_response(request)
        response = render(request, "accounts/no_role.html", status=200 if request.path == ADMIN else 403)
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def _has_no_role(user: User) -> bool:
    return user.is_staff and not user.is_superuser and not user.get_all_permissions()
