"""How allauth is bent to our rules: invited staff only, X for supporters, no address and no secret in clear."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import devices, guessing, second_factor, xlogin
from accounts.middleware import showed_second_factor
from accounts.models import User
from core.crypto.fields import fernet
from core.models import StaffMail
from core.privacy.clients import client_hash
from core.web.transport import ToBase


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # not even an address
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a login page never waits for a mail server. Templates of allauth name a site: that is the organisation."""
        site = {"name": settings.ORGANISATION, "domain": urlsplit(settings.SITE_URL).netloc}
        message = self.render_mail(
            template_prefix, email, {"request": None, "email": email, "current_site": site, **context}
        )
        html = next((content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
        StaffMail.objects.create(
            to=email,
            subject=str(message.subject)[:250],
            text=str(message.body),
            html=str(html),
            mail_due_at=timezone.now(),
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        address = credentials["email"]
        user = next(iter(filter_users_by_email(address, prefer_verified=True, for_login=True)), None)
        self._door = guessing.door(request, "password", user, address)
        guessing.begin(self._door)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            guessing.was_right(self._door)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        return guessing.check_password(context.request, user, password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        required = super().is_reauthentication_required(app=app, **kwargs)
        return bool(required) and not second_factor.logged_in_just_now(context.request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.is_staff and showed_second_factor(request):
            devices.remember(request, response, user)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """allauth writes this down: it gets the day's hash, in the shape of an address."""
        return str(ipaddress.IPv6Address(client_hash(request)))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(sociallogin.account.provider == "twitter_oauth2")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """X opens supporters' accounts, and is connected to none: not even to one whose owner joined the staff later."""
        if sociallogin.user.is_staff or sociallogin.state.get("process", xlogin.LOGIN) != xlogin.LOGIN:
            raise ImmediateHttpResponse(xlogin.refused(request))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> AbstractBaseUser:
        user: User = sociallogin.user
        user.username = f"x-{sociallogin.account.uid}"
        user.email = None
        return user

    def get_requests_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0
        session.mount("https://", ToBase(settings.X_API_BASE, instead_of="https://api.x.com"))
        return session


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text).decode()

    def _get_site_name(self) -> str:
        return str(settings.ORGANISATION)
