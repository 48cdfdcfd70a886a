"""Which signatures a decision is about: few are chosen in the request, many by the workers, batch by batch (petitions/jobs.py).

The request stores the conditions and its time; who signs after that is not chosen by them.
"""

from __future__ import annotations

import uuid
from itertools import islice

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from petitions import carrying_out, limits, selection
from petitions.models import DecidedSignature, Decision, Job, Review, Signature

Kind = Decision.Kind
# So many are chosen in the request itself; of more, so many at a time, whose ids are in memory.
AT_ONCE, BATCH = 2_000, 5_000
NOTE = """
INSERT INTO petitions_decision_signatures (decision_id, signature_id) SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""


def open_to(decision: Decision, signatures: QuerySet[Signature]) -> QuerySet[Signature]:
    """Those that it can be about, that the same person has not asked for already, and that nobody is about to change."""
    mine = Decision.objects.pending().filter(asked_by=decision.asked_by, signatures=OuterRef("pk"))
    fitting = signatures.filter(carrying_out.fits(decision.kind), petition=decision.petition_id)
    return fitting.filter(~Exists(mine), ~Exists(limits.to_be_changed()))


def is_for_workers(decision: Decision, signatures: QuerySet[Signature]) -> bool:
    """Whether these are many, and found by conditions that the workers can read."""
    if not decision.undoes and selection_of(decision) is None:
        return False
    return signatures.order_by()[AT_ONCE:].exists()


def selection_of(decision: Decision) -> selection.Conditions | None:
    """The conditions that it was asked for with; None for what was ticked one by one."""
    return None if decision.choice.get("ticked", True) else selection.read(decision.choice["filters"])


def choose(decision: Decision, signatures: QuerySet[Signature]) -> int:
    """Choose all of these; how many they are. Few of their ids are in memory at a time."""
    number = 0
    keys = signatures.order_by().values_list("pk", flat=True).iterator(BATCH)
    while chunk := list(islice(keys, BATCH)):
        _note(decision, chunk)
        number += len(chunk)
    return number


def choose_some(job: Job) -> bool:
    """Choose the next ones, and note in the job up to which; whether there may be more."""
    rows = open_to(job.decision, _asked_for(job.decision))
    if job.cursor:
        rows = rows.filter(pk__gt=job.cursor)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if keys:
        _note(job.decision, keys)
        job.total, job.cursor = job.total + len(keys), keys[-1]
    return len(keys) == BATCH


def ways_back(decision: Decision) -> list[tuple[str, str, QuerySet[Signature]]]:
    """(kind, reason, signatures) of what would bring back what stood before, without what somebody has decided on since."""
    if decision.takes_out:
        return [(Kind.RESTORE, "", Signature.objects.filter(decision=decision))]
    since = Decision.objects.done().filter(decided_at__gt=decision.decided_at, signatures=OuterRef("pk"))
    rows = Signature.objects.filter(review=Review.NONE).exclude(Exists(since))
    mine = DecidedSignature.objects.filter(decision=decision).exclude(was="")
    if decision.kind == Kind.RELEASE:
        return [(Kind.QUARANTINE, "", rows.filter(Exists(mine.filter(signature=OuterRef("pk")))))]
    before = mine.exclude(was_decision=None).order_by("was_decision__kind", "was_decision__reason")
    kinds = before.values_list("was_decision__kind", "was_decision__reason").distinct()
    return [
        (kind, reason, rows.filter(Exists(before.filter(signature=OuterRef("pk"), **_was(kind, reason)))))
        for kind, reason in kinds
    ]


def _was(kind: str, reason: str) -> dict[str, str]:
    return {"was_decision__kind": kind, "was_decision__reason": reason}


def _asked_for(decision: Decision) -> QuerySet[Signature]:
    if decision.undoes:
        ways = {(kind, reason): rows for kind, reason, rows in ways_back(decision.undoes)}
        return ways.get((decision.kind, decision.reason), Signature.objects.none())
    conditions = selection_of(decision)
    if conditions is None:
        raise ValueError("no conditions that can be read")
    return Signature.objects.filter(conditions.q(decision.asked_at))


def _note(decision: Decision, keys: list[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [decision.pk, keys])
