"""What moderators do with comments that people agreed to show, and which are shown.

Only what waits is decided on: who sees it decided already puts it back first, so that of two at once neither is overruled unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from petitions.models import Petition, Signature, Voice, VoiceQuerySet

# For so long somebody's last decision can be undone at once; later it is looked for, and put back.
UNDOABLE = timedelta(hours=1)
# A release that knows no voices may run beside this one for so long.
CATCHES_UP = timedelta(days=2)
WAITS = Q(state=Voice.State.WAITING)


def offer(signature: Signature) -> None:
    """From now on it waits to be read. Part of the commit that confirms the signature."""
    Voice.objects.create(signature=signature, petition_id=signature.petition_id)


def catch_up() -> int:
    """Offer what was confirmed lately without being offered; how many."""
    lately = Signature.objects.filter(confirmed_at__gt=timezone.now() - CATCHES_UP, voice=None)
    agreed = lately.filter(show_name_at__isnull=False, comment__isnull=False)
    missing = [
        Voice(signature=row, petition_id=row.petition_id) for row in agreed.only("petition", "comment") if row.comment
    ]
    return len(Voice.objects.bulk_create(missing, ignore_conflicts=True))


def approve(voices: QuerySet[Voice], by: User) -> list[Voice]:
    """Those of them that waited are shown at once; which."""
    return _decide(voices, by, Voice.State.APPROVED)


def decline(voices: QuerySet[Voice], by: User, reason: str) -> list[Voice]:
    """Those of them that waited are not shown, and their owners see the reason, a Voice.Reason; which."""
    return _decide(voices, by, Voice.State.DECLINED, reason)


def put_back(voices: QuerySet[Voice]) -> list[Voice]:
    """They wait to be read again; which."""
    with transaction.atomic():
        decided = _locked(voices, ~WAITS)
        _set(decided, state=Voice.State.WAITING, reason="", decided_by=None, decided_at=None)
    return decided


def undo(by: User) -> list[Voice]:
    """What this person decided last, all that was one decision, waits to be read again; which."""
    return put_back(last_of(by))


def last_of(by: User) -> VoiceQuerySet:
    """All that was this person's last decision within the hour, but for what was put back or decided anew since."""
    mine = Voice.objects.filter(decided_by=by, decided_at__gt=timezone.now() - UNDOABLE)
    return mine.filter(decided_at=mine.aggregate(last=Max("decided_at"))["last"])


def shown(petition: Petition) -> VoiceQuerySet:
    """With their signatures, those approved last first."""
    rows = Voice.objects.shown().filter(petition=petition)
    return rows.select_related("signature").order_by("-decided_at", "-pk")


def _decide(voices: QuerySet[Voice], by: User, state: Voice.State, reason: str = "") -> list[Voice]:
    with transaction.atomic():
        waiting = _locked(voices, WAITS)
        _set(waiting, state=state, reason=reason, decided_by=by, decided_at=timezone.now())
    return waiting


def _locked(voices: QuerySet[Voice], state: Q) -> list[Voice]:
    """Those of them that are in this state, whatever somebody else has just decided; nobody does until the transaction ends."""
    chosen = Voice.objects.filter(state, pk__in=list(voices.values_list("pk", flat=True)))
    return list(chosen.select_for_update().order_by("pk"))


def _set(voices: Iterable[Voice], **fields: object) -> None:
    Voice.objects.filter(pk__in=[voice.pk for voice in voices]).update(**fields)
