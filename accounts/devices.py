"""Browsers in which a staff account has logged in: they need not wait because a stranger guesses at that account."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Device, User
from core.crypto import tokens

COOKIE = "device"
KNOWN_FOR = timedelta(days=30)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """After a login in which the second factor was shown. The cookie goes to the login pages only."""
    device = known(request, user) or Device(user=user)
    device.password_mark, device.logged_in_at = user.get_session_auth_hash(), timezone.now()
    device.save()
    response.set_cookie(
        COOKIE,
        tokens.make(COOKIE, device.pk),
        max_age=KNOWN_FOR,
        path="/accounts/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )


def known(request: HttpRequest, user: User | None) -> Device | None:
    """The device of this request, if this very account logged in there within 30 days and has the same password still."""
    device = trusted(request)
    return device if device is not None and device.user == user else None


def trusted(request: HttpRequest) -> Device | None:
    """The device of this request, whosever it is."""
    try:
        device = Device.objects.select_related("user").get(pk=tokens.read(COOKIE, request.COOKIES.get(COOKIE, "")))
    except (tokens.BadToken, Device.DoesNotExist, ValidationError):
        return None
    fresh = device.logged_in_at > timezone.now() - KNOWN_FOR
    same = device.password_mark == device.user.get_session_auth_hash()
    return device if fresh and same and device.user.is_active else None
