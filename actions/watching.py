"""What monitoring is told of X: whether it answers, and how much money is left for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from actions import budget
from actions.models import Endpoint, TweetAction
from operations.watching.names import X_AGE, X_MONEY, X_MONEY_LEAST
from operations.watching.readers import Value, reads


@reads
def x() -> Iterator[Value]:
    """Nothing while nothing is collected: that X says nothing then is as it should be."""
    tracked = list(TweetAction.objects.filter(is_tracking=True, budget__gt=0))
    if not tracked:
        return
    left = [(max(action.budget - budget.spent(action), Decimal(0)), action.budget) for action in tracked]
    yield X_MONEY, (), float(sum(dollars for dollars, _ in left))
    yield X_MONEY_LEAST, (), float(min(dollars / whole for dollars, whole in left))
    answered = Endpoint.objects.aggregate(at=Max("answered_at"))["at"]
    if answered and settings.X_BEARER_TOKEN:
        yield X_AGE, (), (timezone.now() - answered).total_seconds()
