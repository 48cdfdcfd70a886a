"""What waits for whoever asked for it, and becomes somebody else's when they leave (accounts/handing_over.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.handing_over import Duty, register
from accounts.models import User
from petitions.models import Decision, Export
from petitions.models.decision import DecisionQuerySet
from petitions.models.export import ExportQuerySet


def _decisions(of: User) -> DecisionQuerySet:
    """What still waits for a second person; whoever asked may not be that one, so the new owner can't approve it either."""
    return Decision.objects.waiting().filter(asked_by=of)


def _move_decisions(of: User, to: User) -> int:
    return _decisions(of).update(asked_by=to) if to.has_perm("petitions.change_decision") else 0


def _exports(of: User) -> ExportQuerySet:
    return Export.objects.open().filter(asked_by=of)


def _move_exports(of: User, to: User) -> int:
    """Whoever approved an export never fetches it, and one that was fetched in part stays with whoever has that part."""
    if not to.has_perm("petitions.add_export"):
        return 0
    fetched = Export.objects.filter(parts__fetched_at__isnull=False).values("pk")
    return _exports(of).exclude(decided_by=to).exclude(pk__in=fetched).update(asked_by=to)


register(Duty(_("decisions waiting for a second person"), lambda of: _decisions(of).count(), _move_decisions))
register(Duty(_("exports not fetched yet"), lambda of: _exports(of).count(), _move_exports))
