"""Fakes: set aside, taken out or put back. Nothing is deleted, and each removal has a reason that the public can read.

What one person may do alone is limited (petitions/limits.py); more is asked for, and a second person approves it, declines it, or
lets it expire. Every change is made under a lock on the petition, so that two people who press at once are one after the other. A few
signatures are chosen and changed at once (petitions/choosing.py, petitions/carrying_out.py), many by the workers (petitions/jobs.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin.models import CHANGE
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from petitions import calling, carrying_out, choosing, jobs, limits
from petitions.models import Decision, Job, Petition, Signature

Kind, Outcome, Reason = Decision.Kind, Decision.Outcome, Decision.Reason
LOG = """
INSERT INTO django_admin_log (action_time, user_id, content_type_id, object_id, object_repr, action_flag, change_message)
SELECT %(now)s, %(user)s, %(type)s, signature_id::text, 'Signature ' || signature_id, %(flag)s, %(message)s
FROM petitions_decision_signatures WHERE decision_id = %(decision)s
"""


class SecondPersonNeeded(Exception):
    """It must be somebody else: with the right to, who has not asked for this or for a part of it."""


class TooSoon(Exception):
    """So many are slept on: not before `Decision`'s 24 hours are over (petitions/limits.py)."""


class Decided(Exception):
    """It was decided, called back or has expired in the meantime."""


class NothingToUndo(Exception):
    """It was never carried out, still is, or its way back is on its way."""


def set_aside(
    petition: Petition, signatures: QuerySet[Signature], by: User, choice: dict[str, Any] | None = None
) -> Decision | None:
    """They wait for review and do not count meanwhile. None when there is nothing of the kind among them."""
    return _ask(petition, Kind.QUARANTINE, signatures, by, choice)


def remove(
    petition: Petition, signatures: QuerySet[Signature], reason: str, by: User, choice: dict[str, Any] | None = None
) -> Decision | None:
    """Take them out for `reason`. None when there is nothing to take out among them."""
    return _ask(petition, Kind.REMOVE, signatures, by, choice, reason)


def restore(
    petition: Petition, signatures: QuerySet[Signature], by: User, choice: dict[str, Any] | None = None
) -> list[Decision]:
    """They count again: one decision on what a machine set aside, one on what people took out, if there is any."""
    kinds = (Kind.RELEASE, Kind.RESTORE)
    with transaction.atomic():
        asked = [_ask(petition, kind, signatures, by, choice) for kind in kinds]
    return [decision for decision in asked if decision]


def approve(decision: Decision, by: User) -> None:
    """Carry it out as the second person. Raises SecondPersonNeeded, TooSoon, Decided."""
    with _waiting(decision):
        if not may_approve(decision, by):
            raise SecondPersonNeeded
        if timezone.now() < limits.not_before(decision):
            raise TooSoon
        _carry_out(decision, by)


def decline(decision: Decision, by: User, answer: str) -> None:
    """Raises SecondPersonNeeded for whoever asked: they call it back; Decided."""
    with _waiting(decision):
        if decision.asked_by_id == by.pk or not _has_the_right(by):
            raise SecondPersonNeeded
        _end(decision, Outcome.DECLINED, by, answer)


def withdraw(decision: Decision, by: User) -> None:
    """Call it back. Raises SecondPersonNeeded for whoever has not asked for it; Decided."""
    with _waiting(decision):
        if decision.asked_by_id != by.pk:
            raise SecondPersonNeeded
        _end(decision, Outcome.WITHDRAWN, by)


def undo(decision: Decision, by: User) -> list[Decision]:
    """Ask for the way back of all that it has changed and nobody decided on since: a decision of its own, or several where it had put
    back what went out for several reasons. What one person may do alone is done. Raises NothingToUndo.
    """
    with transaction.atomic():
        carrying_out.lock(decision.petition)
        if not may_be_undone(decision):
            raise NothingToUndo
        asked = [
            _ask(decision.petition, kind, rows, by, {"undoes": decision.pk}, reason, decision)
            for kind, reason, rows in choosing.ways_back(decision)
        ]
    return [one for one in asked if one]


def may_be_undone(decision: Decision) -> bool:
    if decision.outcome != Outcome.DONE or Job.objects.under_way().filter(pk=decision.pk).exists():
        return False
    ways = decision.undone_by.all()
    if ways.waiting().exists() or ways.under_way().exists():
        return False
    return any(rows.filter(carrying_out.fits(kind)).exists() for kind, _, rows in choosing.ways_back(decision))


def expire() -> int:
    """What nobody has decided in a week is over, and must be asked for anew; how many."""
    return Decision.objects.expired().update(outcome=Outcome.EXPIRED, decided_at=timezone.now())


def may_approve(decision: Decision, by: User) -> bool:
    """Not whoever asked for it or, meanwhile, for a part of it: two people would then approve each other's slices."""
    slices = Decision.objects.waiting().filter(asked_by=by, petition=decision.petition_id)
    overlapping = slices.filter(signatures__in=decision.signatures.values("pk"))
    return decision.asked_by_id != by.pk and _has_the_right(by) and not overlapping.exists()


def waiting(signatures: QuerySet[Signature]) -> QuerySet[Signature]:
    """The same, each with `waits`: whether somebody has asked for a decision on it."""
    asked = Decision.objects.waiting().filter(signatures=OuterRef("pk"))
    return signatures.annotate(waits=Exists(asked))


def _ask(
    petition: Petition,
    kind: str,
    signatures: QuerySet[Signature],
    by: User,
    choice: Any,
    reason: str = "",
    undoes: Decision | None = None,
) -> Decision | None:
    """What is chosen is fixed here, whatever becomes of the filters that found it; of many the workers do it, as of now."""
    facts = {"kind": kind, "reason": reason, "choice": choice or {}, "asked_by": by, "undoes": undoes}
    with transaction.atomic():
        carrying_out.lock(petition)
        decision = Decision(petition=petition, number=0, **facts)
        rows = choosing.open_to(decision, signatures)
        # A second click asks for what the workers have yet to choose.
        if petition.decisions.filter(job__state=Job.State.CHOOSING, **facts).exists() or not rows.exists():
            return None
        if choosing.is_for_workers(decision, rows):
            decision.save()
            jobs.begin_choosing(decision)
            return decision
        decision.stood = Signature.objects.standing().filter(petition=petition).count()
        decision.save()
        decision.number = choosing.choose(decision, rows)
        decision.save(update_fields=["number"])
        if limits.may_alone(decision):
            _carry_out(decision)
        else:
            calling.about_decision(decision)
    return decision


def _carry_out(decision: Decision, by: User | None = None) -> None:
    if decision.number > jobs.AT_ONCE:
        decision.number = 0
        _end(decision, Outcome.DONE, by)
        jobs.begin(decision)
        return
    decision.number = carrying_out.carry_out(decision).fitted
    _end(decision, Outcome.DONE, by)
    _log(decision, by or decision.asked_by)


def _end(decision: Decision, outcome: str, by: User | None, answer: str = "") -> None:
    decision.outcome, decision.decided_by, decision.answer = outcome, by, answer
    decision.decided_at = timezone.now()
    decision.save(update_fields=["outcome", "decided_by", "answer", "decided_at", "number"])


@contextmanager
def _waiting(decision: Decision) -> Iterator[None]:
    """Ours to decide until the block ends. Raises Decided."""
    with transaction.atomic():
        carrying_out.lock(decision.petition)
        decision.refresh_from_db()
        if not decision.is_waiting:
            raise Decided
        yield


def _has_the_right(by: User) -> bool:
    return by.is_active and by.is_staff and by.has_perm("petitions.change_decision")


def _log(decision: Decision, by: User) -> None:
    """A line in the history of every signature, in the same transaction; it names the field and no value."""
    facts: dict[str, Any] = {
        "now": timezone.now(),
        "user": by.pk,
        "type": ContentType.objects.get_for_model(Signature).pk,
        "flag": CHANGE,
        "message": '[{"changed": {"fields": ["review"]}}]',
        "decision": decision.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOG, facts)
