"""Codes of an authenticator app: each half minute's is taken once, and PostgreSQL knows which."""

from __future__ import annotations

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from accounts.models import UsedCode, User

# More than any time_step that is still accepted is away from now.
LONG_AGO = 10


def right(factor: Authenticator, code: str) -> bool:
    """A code of the app, or one of the recovery codes; both are used up by it."""
    if factor.type != Authenticator.Type.TOTP:
        return bool(factor.wrap().validate_code(code))
    return take(factor.user, decrypt(factor.data["secret"]), code)


def take(user: User, secret: str, code: str) -> bool:
    """Whether this code is right and was not taken before; of two at once, one is told yes."""
    for time_step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, time_step))):
            UsedCode.objects.filter(user=user, time_step__lt=time_step - LONG_AGO).delete()
            return UsedCode.objects.get_or_create(user=user, time_step=time_step)[1]
    return False
