"""How many mails wait, of every kind that there is."""

from __future__ import annotations

from typing import NamedTuple

from django.apps import apps
from django.db.models import Count, Q, Value
from django.utils import timezone

from core.models import QueuedMail


class Queued(NamedTuple):
    """`due`: to be sent, or tried again; `uncertain`: they may or may not have gone out, and staff decide."""

    due: int
    uncertain: int


def by_kind() -> dict[str, Queued]:
    """What waits by the name of its model, in one query."""
    tried, now = Q(mail_attempts__gte=QueuedMail.ATTEMPTS), timezone.now()
    first, *others = [
        model._default_manager.filter(mail_due_at__lte=now)
        .order_by()
        .annotate(of_kind=Value(model.__name__))
        .values_list("of_kind")
        .annotate(due=Count("pk", filter=~tried), uncertain=Count("pk", filter=tried))
        for model in apps.get_models()
        if issubclass(model, QueuedMail)
    ]
    found = {kind: Queued(due, uncertain) for kind, due, uncertain in first.union(*others, all=True)}
    return {m.__name__: found.get(m.__name__, Queued(0, 0)) for m in apps.get_models() if issubclass(m, QueuedMail)}
