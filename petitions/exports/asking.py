"""Who may have an export: it is asked for with a reason, and where it holds addresses somebody else approves it, before anything is
written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions import calling
from petitions.exports.people import people
from petitions.exports.purposes import definition, fits
from petitions.models import Export, Petition

State = Export.State


class NotCovered(Exception):
    """The safety level lets nobody take this out."""


class NoRecipient(Exception):
    """EXPORT_RECIPIENTS is not set: there is nobody to seal it for."""


class SecondPersonNeeded(Exception):
    """It must be somebody else, with the right to."""


class Decided(Exception):
    """It was decided, called back or has expired in the meantime."""


def ask(petition: Petition, purpose: str, format: str, reason: str, by: User) -> Export:
    """Waits for a second person, or is begun where one may. Raises NotCovered, NoRecipient."""
    export = Export(petition=petition, purpose=purpose, format=format, reason=reason, asked_by=by)
    require_what_it_needs(export)
    export.expires_at = export.asked_at + Export.WAITS
    with transaction.atomic():
        export.save()
        if definition(export).holds_addresses:
            calling.second_people(export)
        else:
            _begin(export)
    return export


def approve(export: Export, by: User) -> None:
    """As the second person. Raises SecondPersonNeeded, Decided, NotCovered, NoRecipient."""
    with _waiting(export):
        if not may_decide(export, by):
            raise SecondPersonNeeded
        require_what_it_needs(export)
        export.decided_by, export.decided_at = by, timezone.now()
        _begin(export)


def decline(export: Export, by: User, answer: str) -> None:
    """Raises SecondPersonNeeded for whoever asked: they call it back; Decided."""
    with _waiting(export):
        if not may_decide(export, by):
            raise SecondPersonNeeded
        _end(export, State.DECLINED, by, answer)


def withdraw(export: Export, by: User) -> None:
    """Call it back. Raises SecondPersonNeeded for whoever has not asked for it; Decided."""
    with _waiting(export):
        if export.asked_by_id != by.pk:
            raise SecondPersonNeeded
        _end(export, State.WITHDRAWN, by)


def may_decide(export: Export, by: User) -> bool:
    has_the_right = by.is_active and by.is_staff and by.has_perm("petitions.change_export")
    return has_the_right and export.asked_by_id != by.pk


def require_what_it_needs(export: Export) -> None:
    """Raises NotCovered, NoRecipient."""
    if not fits(export):
        raise NotCovered
    if not settings.EXPORT_RECIPIENTS:
        raise NoRecipient


def _begin(export: Export) -> None:
    export.began_at = timezone.now()
    export.state, export.expires_at = State.WRITING, export.began_at + Export.LIVES
    export.found = people(export).count()
    export.save()


def _end(export: Export, state: str, by: User, answer: str = "") -> None:
    export.state, export.decided_by, export.decided_at, export.answer = state, by, timezone.now(), answer
    export.save()


@contextmanager
def _waiting(export: Export) -> Iterator[None]:
    """Ours to decide until the block ends. Raises Decided."""
    with transaction.atomic():
        export.refresh_from_db(from_queryset=Export.objects.select_for_update(no_key=True))
        if not export.is_waiting:
            raise Decided
        yield
