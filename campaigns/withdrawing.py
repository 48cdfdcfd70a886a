"""Taking back what was public: pages say when and why instead of what it said, and what hung on it follows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from campaigns import status
from campaigns.models import Campaign, KeyMoment, Response, Update

Part = Response | Update | KeyMoment


class NotNow(Exception):
    """Withdrawn already, or never public: that one may simply be deleted."""


def withdraw(part: Part, because: str) -> None:
    """Withdraws a part for good; the demand of a withdrawn response settles on those that are left. Raises NotNow."""
    with transaction.atomic():
        # One at a time, as when an answer is logged: two people press on a day like that, and demands settle.
        Campaign.objects.select_for_update().get(pk=part.campaign_id)
        row = type(part)._default_manager.get(pk=part.pk)
        if row.withdrawn_at or not row.was_public:
            raise NotNow
        row.withdrawn_at, row.withdrawn_because = timezone.now(), because
        row.save(update_fields=["withdrawn_at", "withdrawn_because"])
        if isinstance(row, Response) and row.demand:
            status.settle_demand(row.demand, removed=row)
