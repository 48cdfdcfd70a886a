"""A supporter's account goes at once, with its link to X, and a backup that is restored does not bring it back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from operations.recovery import journal
from operations.recovery.journal import Verb


@transaction.atomic
def delete(user: User) -> None:
    note(User.objects.filter(pk=user.pk))
    user.delete()


def note(users: QuerySet[User]) -> None:
    """Of those who are about to go, in the caller's transaction. What becomes of staff is decided by staff, after a restore too."""
    journal.note(Verb.DELETE_ACCOUNT, users.filter(is_staff=False))
