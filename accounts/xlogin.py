"""X login, for supporters who want to link their posts. Signing, tweeting and the staff's login never need it."""

from __future__ import annotations

from typing import Any, cast

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.twitter_oauth2.views import TwitterOAuth2Adapter
from allauth.utils import get_request_param
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LOGIN = AuthProcess.LOGIN


class XLoginAdapter(TwitterOAuth2Adapter):
    """X answers 402 when our credit is used up, and sometimes 200 without data: both are a failed login, no server error."""

    @property
    def authorize_url(self) -> str:
        return settings.X_AUTHORIZE_URL

    def get_user_info(self, token: SocialToken) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(
                self.profile_url,
                params={"user.fields": "id,name,username"},
                headers={"Authorization": f"Bearer {token.token}"},
            )
        try:
            person = response.json().get("data") or {}
        except (requests.JSONDecodeError, AttributeError):
            person = {}
        if response.status_code != 200 or not {"id", "name", "username"} <= person.keys():
            raise ProviderException(f"X did not say who this is (status {response.status_code}).")
        return {key: person[key] for key in ("id", "name", "username")}


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/no_x.html", status=403)


def login(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """To log in, and for nothing else: allauth would also connect X to whatever account is logged in."""
    if get_request_param(request, "process", LOGIN) != LOGIN:
        return refused(request)
    return cast(HttpResponse, OAuth2LoginView.adapter_view(XLoginAdapter)(request, **kwargs))


callback = OAuth2CallbackView.adapter_view(XLoginAdapter)
