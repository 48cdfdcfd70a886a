from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone

from accounts import codes, guessing
from accounts.models import ResetRequest, User
from core.generic import AnyChoice, AnyChoices


class ResetForm(ResetPasswordForm):
    """Writes the address down and looks nothing up: who asks can't tell an account from none, by answer or by time."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        ResetRequest.objects.create(email=self.cleaned_data["email"], mail_due_at=timezone.now())
        return str(self.cleaned_data["email"])


class PasswordForm(ChangePasswordForm):
    """A new password for somebody who is logged in: the old one can't be guessed faster here than at the login."""

    def clean_oldpassword(self) -> str:
        old = str(self.cleaned_data["oldpassword"])
        if not guessing.check_password(context.request, self.user, old):
            raise get_account_adapter().validation_error("enter_current_password")
        return old


class _Slowed:
    """A code of six digits is guessed in hours where nothing slows it."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        door, code = guessing.door(context.request, "code", self.user), str(self.cleaned_data["code"])
        guessing.begin(door)
        factors = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        factor = next((factor for factor in factors.select_related("user") if codes.right(factor, code)), None)
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        guessing.was_right(door)
        self.authenticator = factor
        return code


class CodeForm(_Slowed, AuthenticateForm):
    pass


class CodeAgainForm(_Slowed, ReauthenticateForm):
    pass


class Person(AnyChoice):
    """One of the staff, whom others know by their address."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.email)


class People(AnyChoices):
    """Some of the staff, whom others know by their addresses."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.email)
