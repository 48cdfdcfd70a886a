"""The mails to staff."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Invitation, ResetRequest, User
from core.crypto import tokens
from core.mail import compose

RESETS_A_DAY = 3
INVITATION = "invitation"


def reset(asked: ResetRequest) -> EmailMultiAlternatives | None:
    """The link to a new password. None for an address that no active staff account has, or one that had three links today."""
    user = _staff_with(asked.email)
    if user is None or user.email is None or _had_enough(user, asked):
        return None
    ResetRequest.objects.filter(pk=asked.pk).update(user=user)
    link = compose.link(
        "account_reset_password_from_key", user_pk_to_url_str(user), default_token_generator.make_token(user)
    )
    context: dict[str, object] = {"link": link, "days": settings.PASSWORD_RESET_TIMEOUT // 86400}
    subject = gettext("A new password for %(organisation)s") % {"organisation": settings.ORGANISATION}
    return compose.mail(asked, "reset", subject, user.email, context)


def invitation(row: Invitation) -> EmailMultiAlternatives | None:
    """The link that begins an account on the staff. None for one that was answered, revoked or is too old."""
    if not Invitation.objects.open().filter(pk=row.pk).exists():
        return None
    context: dict[str, object] = {
        "link": compose.link("account_invitation", tokens.make(INVITATION, row.pk)),
        "days": Invitation.LIVES.days,
    }
    subject = gettext("You are invited to the staff of %(organisation)s") % {"organisation": settings.ORGANISATION}
    return compose.mail(row, "invitation", subject, row.email, context)


def _staff_with(address: str) -> User | None:
    found = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    return next((user for user in found if user.is_staff), None)


def _had_enough(user: User, asked: ResetRequest) -> bool:
    today = user.reset_requests.filter(asked_at__gt=timezone.now() - timedelta(days=1))
    return today.exclude(pk=asked.pk).count() >= RESETS_A_DAY
