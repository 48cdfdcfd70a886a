"""The campaigns of whoever leaves the staff (accounts/handing_over.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.handing_over import Duty, register
from accounts.models import User


def _move(of: User, to: User) -> int:
    """Whoever takes over is on each team from then on; the leaver is on none."""
    teams = list(of.campaigns.all())
    to.campaigns.add(*teams)
    of.campaigns.clear()
    return len(teams)


register(Duty(_("teams of campaigns"), lambda of: of.campaigns.count(), _move))
