"""What a decision does to its signatures: to a few all at once (petitions/moderation.py), to many batch by batch (petitions/jobs.py).

Each signature keeps, beside the decision, how it stood before: that is what undoing brings back.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from petitions import standing_decisions
from petitions.models import DecidedSignature, Decision, Petition, Review, Signature

Kind = Decision.Kind
NOTE = """
UPDATE petitions_decision_signatures AS chosen SET was = signature.review, was_decision_id = signature.decision_id
FROM petitions_signature AS signature
WHERE chosen.decision_id = %s AND chosen.signature_id = signature.id AND signature.id = ANY (%s)
"""
AS_IT_WAS = """
UPDATE petitions_signature AS signature
SET review = coalesce(nullif(former.was, ''), 'none'), decision_id = former.was_decision_id
FROM unnest(%s::uuid[]) AS mine (id)
LEFT JOIN petitions_decision_signatures AS former ON former.signature_id = mine.id AND former.decision_id = %s
WHERE signature.id = mine.id
"""


class Batch(NamedTuple):
    """How many of the chosen signatures were looked at, up to which one; how many of them fitted; all that were changed, others of
    the same mailboxes included."""

    seen: int
    last: uuid.UUID | None
    fitted: int
    changed: Sequence[uuid.UUID]


def lock(petition: Petition) -> None:
    """Until the transaction ends nobody else decides on this petition's signatures."""
    # Signing refers to the petition, and must not wait for us: its key stays as it is.
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)


def fits(kind: str) -> Q:
    """Which signatures a decision of this kind can be about."""
    gone = Q(withdrawn_at__isnull=False, erased_at__isnull=False)
    by_machine = Q(review=Review.QUARANTINED, decision=None)
    return {
        Kind.REMOVE: ~Q(review=Review.REMOVED) & ~gone,
        Kind.QUARANTINE: Q(review=Review.NONE) & ~gone,
        Kind.RELEASE: by_machine,
        Kind.RESTORE: ~Q(review=Review.NONE) & ~by_machine,
    }[Kind(kind)]


def carry_out(decision: Decision, after: uuid.UUID | None = None, most: int | None = None) -> Batch:
    """Change at most `most` of its signatures, those that come after `after`, in the caller's transaction, which holds `lock`.

    Only those that it still fits: what somebody has decided the other way meanwhile stays so.
    """
    standing_decisions.hold_confirmations(decision.petition_id)
    untouched = DecidedSignature.objects.filter(decision=decision, was="")
    chosen = untouched.filter(signature__gt=after) if after else untouched
    keys = list(chosen.order_by("signature").values_list("signature", flat=True)[:most])
    fitting = list(_fitting(decision).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    untouched.filter(signature__in=keys).exclude(signature__in=fitting).delete()
    if decision.takes_out:
        others, along = _take_out(decision, fitting), 0
    else:
        others, along = _put_back(decision, fitting)
    last = keys[-1] if keys else after
    return Batch(len(keys) + along, last, len(fitting) + along, [*fitting, *others])


def _fitting(decision: Decision) -> QuerySet[Signature]:
    since = Decision.objects.done().filter(signatures=OuterRef("pk"), decided_at__gt=decision.asked_at)
    other_way = since.putting_back() if decision.takes_out else since.taking_out()
    rows = Signature.objects.filter(fits(decision.kind)).exclude(Exists(other_way))
    if _is_way_back(decision):
        rows = rows.filter(decision=decision.undoes_id)
    return rows.select_for_update(no_key=True)


def _is_way_back(decision: Decision) -> bool:
    """Whether it puts back what one other decision took out, and nothing else."""
    return decision.kind == Kind.RESTORE and decision.undoes_id is not None


def _take_out(decision: Decision, rows: list[uuid.UUID]) -> list[uuid.UUID]:
    """Returns what was confirmed in their place since, and is out with them."""
    _note_how_they_stood(decision, rows)
    review = Review.REMOVED if decision.kind == Kind.REMOVE else Review.QUARANTINED
    Signature.objects.filter(pk__in=rows).update(review=review, decision=decision)
    standing_decisions.bind(rows)
    return standing_decisions.take_along(decision, rows)


def _put_back(decision: Decision, rows: list[uuid.UUID]) -> tuple[list[uuid.UUID], int]:
    """With them comes back what their mailboxes have confirmed before or since; returns that, and how many of it were chosen too."""
    others, along = list[uuid.UUID](), 0
    if decision.kind == Kind.RESTORE:
        others = _of_the_same_mailboxes(decision, rows)
        along = DecidedSignature.objects.filter(decision=decision, was="", signature__in=others).count()
        links = [DecidedSignature(decision=decision, signature_id=pk) for pk in others]
        DecidedSignature.objects.bulk_create(links, ignore_conflicts=True)
        standing_decisions.lift(decision, [*rows, *others])
    every = [*rows, *others]
    for earlier, number in _of_earlier(every).items():
        Decision.objects.filter(pk=earlier).update(restored=Least(F("number"), F("restored") + number))
    _note_how_they_stood(decision, every)
    if _is_way_back(decision):
        with connection.cursor() as cursor:
            cursor.execute(AS_IT_WAS, [every, decision.undoes_id])
        standing_decisions.bind(every)
    else:
        Signature.objects.filter(pk__in=every).update(review=Review.NONE, decision=None)
    return others, along


def _of_the_same_mailboxes(decision: Decision, rows: list[uuid.UUID]) -> list[uuid.UUID]:
    same = standing_decisions.of_the_same_mailboxes(Signature.objects.filter(pk__in=rows))
    same = same.filter(fits(Kind.RESTORE), petition=decision.petition_id).exclude(pk__in=rows)
    if _is_way_back(decision):
        same = same.filter(decision=decision.undoes_id)
    return list(same.order_by("pk").values_list("pk", flat=True))


def _of_earlier(rows: list[uuid.UUID]) -> dict[int, int]:
    """How many signatures this puts back of each earlier decision. One that was confirmed in the place of another is the same one."""
    first = DecidedSignature.objects.filter(decision=OuterRef("decision"), signature=OuterRef("pk"))
    taken_out = Signature.objects.filter(pk__in=rows).exclude(decision=None).annotate(first=Exists(first))
    number: Counter[int] = Counter()
    seen: defaultdict[int, set[bytes]] = defaultdict(set)
    later: defaultdict[int, set[bytes]] = defaultdict(set)
    for earlier, address, is_first in taken_out.values_list("decision", "address_hash", "first"):
        (seen if is_first else later)[earlier].add(bytes(address or b""))
        number[earlier] += is_first
    for earlier, addresses in later.items():
        number[earlier] += len(addresses - seen[earlier])
    return dict(number)


def _note_how_they_stood(decision: Decision, rows: list[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [decision.pk, rows])
