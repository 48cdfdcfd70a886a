"""What campaigns keep for whoever leaves: packs that they asked for and that wait, and the teams that they are on
(accounts/handing_over.py)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.handing_over import Duty, register
from accounts.models import User
from campaigns.models import Delivery


def _deliveries(of: User) -> QuerySet[Delivery]:
    return Delivery.objects.open().filter(asked_by=of)


def _move_deliveries(of: User, to: User) -> int:
    """Names leave the site by them: the right is that of exports."""
    return _deliveries(of).update(asked_by=to) if to.has_perm("petitions.add_export") else 0


def _move_teams(of: User, to: User) -> int:
    """Whoever takes over is on each team from then on; the leaver is on none."""
    teams = list(of.campaigns.all())
    to.campaigns.add(*teams)
    of.campaigns.clear()
    return len(teams)


register(Duty(_("packs for a target, not fetched yet"), lambda of: _deliveries(of).count(), _move_deliveries))
register(Duty(_("teams of campaigns"), lambda of: of.campaigns.count(), _move_teams))
