"""What X may be asked for: what it wants of whoever watches protests through it has been read by a person, who says so by name."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from actions.models import Purpose, TweetAction


def state(action: TweetAction, name: str, approval: str) -> None:
    """Notes that `name` has read X's terms today; `approval`: the reference of what X has approved in writing, or ""."""
    with transaction.atomic():
        row = TweetAction.objects.select_for_update().get(pk=action.pk)
        row.terms_read_at, row.terms_read_by, row.x_approval = timezone.now(), name, approval
        row.save(update_fields=["terms_read_at", "terms_read_by", "x_approval"])


def may_count(action: TweetAction) -> bool:
    """Whether X may be asked for numbers."""
    return not action.terms_wanted or action.terms_read_at is not None


def may_ask(action: TweetAction, purpose: Purpose) -> bool:
    """Posts, answers and their authors want X's approval too. Whether what is shown still stands is always asked."""
    if purpose == Purpose.COMPLIANCE or not action.terms_wanted:
        return True
    return may_count(action) and (purpose == Purpose.COUNTS or bool(action.x_approval))
