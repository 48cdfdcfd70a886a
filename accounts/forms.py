from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import ResetRequest


class ResetForm(ResetPasswordForm):
    """Writes the address down and looks nothing up: who asks can't tell an account from none, by answer or by time."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        ResetRequest.objects.create(email=self.cleaned_data["email"], mail_due_at=timezone.now())
        return str(self.cleaned_data["email"])
