"""There is always an administrator: the only one stays, whoever else goes at the same moment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User

ONLY_ADMINISTRATOR = _("This is the only administrator. Make somebody else an administrator first.")


class OnlyAdministrator(Exception):
    """Somebody else must be made an administrator first."""


def require_another(going: Iterable[int]) -> None:
    """Raises OnlyAdministrator where these accounts would leave none behind. Until the transaction ends no other one goes.

    A trigger on accounts_user asks the same under the same lock; asking here gives people words instead of a fault.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('administrators'))")
    going, administrators = set(going), User.objects.filter(is_superuser=True, is_active=True)
    if administrators.filter(pk__in=going).exists() and not administrators.exclude(pk__in=going).exists():
        raise OnlyAdministrator
