"""Fakes: set aside, taken out or put back. Nothing is deleted, and each removal has a reason that the public can read.

What one person may do alone is limited; more is asked for, and a second person carries it out, declines it, or lets it expire.
Every change is made under a lock on the petition, so that two people who press at once are one after the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Least
from django.utils import timezone

from accounts.models import User
from petitions import standing_decisions, tally
from petitions.models import Decision, Petition, Review, Signature

Kind, Outcome, Reason = Decision.Kind, Decision.Outcome, Decision.Reason
# What one person may do alone, in all and within this time: a share of what counts, and always a few. A lecture hall that a
# machine has set aside is not held up.
WITHIN = timedelta(days=30)
FEW, SHARE = 10, 0.01
MACHINES_FEW, MACHINES_SHARE = 500, 0.10
# A removal of more than this share of what stood, over all who ask within this time, is slept on.
MUCH, LATELY, A_NIGHT = 0.20, timedelta(days=7), timedelta(hours=24)

LOG = """
INSERT INTO django_admin_log (action_time, user_id, content_type_id, object_id, object_repr, action_flag, change_message)
SELECT %(now)s, %(user)s, %(type)s, signature_id::text, 'Signature ' || signature_id, %(flag)s, %(message)s
FROM petitions_decision_signatures WHERE decision_id = %(decision)s
"""
NOTE = """
INSERT INTO petitions_decision_signatures (decision_id, signature_id) SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""


class SecondPersonNeeded(Exception):
    """It must be somebody else: with the right to, who has not asked for this or for a part of it."""


class TooSoon(Exception):
    """So many are slept on: not before `Decision`'s 24 hours are over (`not_before`)."""


class Decided(Exception):
    """It was decided, called back or has expired in the meantime."""


def alone(petition: Petition, kind: str = Kind.REMOVE) -> int:
    """How many of this petition's signatures one person may take out or put back."""
    few, share = (MACHINES_FEW, MACHINES_SHARE) if kind == Kind.RELEASE else (FEW, SHARE)
    return max(few, int(tally.confirmed(petition) * share))


def used(petition: Petition, by: User, kind: str = Kind.REMOVE, besides: Decision | None = None) -> int:
    """How much of that this person has used lately. Of what was taken out only what is out now, without what this decision is
    about anyway."""
    mine = petition.decisions.done().filter(asked_by=by, decided_by=None, asked_at__gt=timezone.now() - WITHIN)
    if kind in Decision.TAKING_OUT:
        out = Signature.objects.filter(decision__in=mine.taking_out())
        return (out.exclude(decisions=besides) if besides else out).count()
    return mine.filter(kind=kind).aggregate(total=Sum("number"))["total"] or 0


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
        if timezone.now() < not_before(decision):
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


def expire() -> int:
    """What nobody has decided in a week is over, and must be asked for anew; how many."""
    return Decision.objects.expired().update(outcome=Outcome.EXPIRED, decided_at=timezone.now())


def may_approve(decision: Decision, by: User) -> bool:
    """Not whoever asked for it or, meanwhile, for a part of it: two people would then approve each other's slices."""
    slices = Decision.objects.waiting().filter(asked_by=by, petition=decision.petition_id)
    overlapping = slices.filter(signatures__in=decision.signatures.values("pk"))
    return decision.asked_by_id != by.pk and _has_the_right(by) and not overlapping.exists()


def not_before(decision: Decision) -> datetime:
    """When it may be approved. Slices are summed, whoever asks for them, so that none evades the night."""
    if decision.kind == Kind.REMOVE and _is_much(decision.petition, decision.number):
        return decision.asked_at + A_NIGHT
    return decision.asked_at


def removals(petition: Petition) -> QuerySet[Decision]:
    """What the public is told: each removal with its reason, its date, how many it took out (`out`) and how many of them are
    back (`back`), in the steps that the safety level sets (0: fewer than one step). Nothing that was once listed goes."""
    rounding = petition.policy.rounding
    done = petition.decisions.done().filter(kind=Kind.REMOVE)
    steps = done.annotate(out=F("number") / rounding * rounding, back=F("restored") / rounding * rounding)
    return steps.filter(number__gt=0).order_by(F("decided_at").desc())


def taken_out(petition: Petition) -> int:
    """How many the removals took out, without those that were put back; whatever their owners did since."""
    return _out(petition.decisions.done().filter(kind=Kind.REMOVE))


def waiting(signatures: QuerySet[Signature]) -> QuerySet[Signature]:
    """The same, each with `waits`: whether somebody has asked for a decision on it."""
    asked = Decision.objects.waiting().filter(signatures=OuterRef("pk"))
    return signatures.annotate(waits=Exists(asked))


def _ask(
    petition: Petition, kind: str, signatures: QuerySet[Signature], by: User, choice: Any, reason: str = ""
) -> Decision | None:
    with transaction.atomic():
        _lock(petition)
        mine = Decision.objects.waiting().filter(asked_by=by, signatures=OuterRef("pk"))
        chosen = signatures.filter(_of(kind), ~Exists(mine), petition=petition).order_by()
        keys = list(chosen.values_list("pk", flat=True))
        if not keys:
            return None
        stood = Signature.objects.standing().filter(petition=petition).count()
        decision = Decision.objects.create(
            petition=petition, kind=kind, reason=reason, number=len(keys), stood=stood, choice=choice or {}, asked_by=by
        )
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [decision.pk, keys])
        if _may_alone(decision):
            _carry_out(decision)
    return decision


def _may_alone(decision: Decision) -> bool:
    petition, by, kind = decision.petition, decision.asked_by, decision.kind
    if used(petition, by, kind, besides=decision) + decision.number > alone(petition, kind):
        return False
    if kind == Kind.REMOVE and _is_much(petition, decision.number):
        return False
    return not (decision.takes_out and _leaves_nothing(decision))


def _out(removals: QuerySet[Decision]) -> int:
    return removals.aggregate(total=Sum(F("number") - F("restored")))["total"] or 0


def _leaves_nothing(decision: Decision) -> bool:
    """One click never takes a petition to 0, but for somebody's trial: the only signature that there ever was."""
    counting = Signature.objects.counting().filter(petition=decision.petition)
    chosen = counting.filter(decisions=decision)
    return decision.stood > 1 and chosen.exists() and not counting.exclude(pk__in=chosen.values("pk")).exists()


def _is_much(petition: Petition, number: int) -> bool:
    """Whether these and what was removed lately are a large share of what counted before. What a machine has set aside counts
    for nothing there: beside a flood of fakes no share of real people is small."""
    lately = petition.decisions.done().filter(kind=Kind.REMOVE, decided_at__gt=timezone.now() - LATELY)
    out = _out(lately)
    standing = Signature.objects.standing().filter(petition=petition)
    of_people = Q(counts=True) | Q(decision__kind=Kind.QUARANTINE) | Q(decision__in=lately)
    return out + number > max(MUCH * standing.filter(of_people).count(), FEW)


def _of(kind: str) -> Q:
    """Which signatures a decision of this kind can be about."""
    gone = Q(withdrawn_at__isnull=False, erased_at__isnull=False)
    by_machine = Q(review=Review.QUARANTINED, decision=None)
    return {
        Kind.REMOVE: ~Q(review=Review.REMOVED) & ~gone,
        Kind.QUARANTINE: Q(review=Review.NONE) & ~gone,
        Kind.RELEASE: by_machine,
        Kind.RESTORE: ~Q(review=Review.NONE) & ~by_machine,
    }[Kind(kind)]


def _carry_out(decision: Decision, by: User | None = None) -> None:
    """On those of its signatures that it still fits: what somebody has decided the other way meanwhile stays so."""
    standing_decisions.hold_confirmations(decision.petition_id)
    since = Decision.objects.done().filter(signatures=OuterRef("pk"), decided_at__gt=decision.asked_at)
    other_way = since.putting_back() if decision.takes_out else since.taking_out()
    fitting = decision.signatures.filter(_of(decision.kind)).exclude(Exists(other_way))
    rows = Decision.signatures.through.objects.filter(decision=decision)
    rows.exclude(signature__in=fitting.values("pk")).delete()
    decision.number = rows.count()
    if decision.takes_out:
        _take_out(decision)
    else:
        _put_back(decision)
    _end(decision, Outcome.DONE, by)
    _log(decision, by or decision.asked_by)


def _take_out(decision: Decision) -> None:
    review = Review.REMOVED if decision.kind == Kind.REMOVE else Review.QUARANTINED
    mine = Signature.objects.filter(pk__in=decision.signatures.values("pk"))
    mine.update(review=review, decision=decision)
    standing_decisions.bind(decision)


def _put_back(decision: Decision) -> None:
    """With them comes back what their mailboxes have confirmed before or since."""
    if decision.kind == Kind.RESTORE:
        same = standing_decisions.of_the_same_mailboxes(Signature.objects.filter(decisions=decision))
        same = same.filter(_of(Kind.RESTORE), petition=decision.petition_id)
        decision.signatures.add(*same.values_list("pk", flat=True))
        standing_decisions.lift(decision.petition_id, Signature.objects.filter(decisions=decision))
    for earlier, number in _of_earlier(decision).items():
        Decision.objects.filter(pk=earlier).update(restored=Least(F("number"), F("restored") + number))
    mine = Signature.objects.filter(pk__in=decision.signatures.values("pk"))
    mine.update(review=Review.NONE, decision=None)


def _of_earlier(decision: Decision) -> dict[int, int]:
    """How many signatures this puts back of each earlier decision. One that was confirmed in the place of another is the same one."""
    first = Decision.signatures.through.objects.filter(decision=OuterRef("decision"), signature=OuterRef("pk"))
    rows = decision.signatures.exclude(decision=None).annotate(first=Exists(first))
    number: Counter[int] = Counter()
    seen: defaultdict[int, set[bytes]] = defaultdict(set)
    later: defaultdict[int, set[bytes]] = defaultdict(set)
    for earlier, address, is_first in rows.values_list("decision", "address_hash", "first"):
        (seen if is_first else later)[earlier].add(bytes(address or b""))
        number[earlier] += is_first
    for earlier, addresses in later.items():
        number[earlier] += len(addresses - seen[earlier])
    return dict(number)


def _end(decision: Decision, outcome: str, by: User | None, answer: str = "") -> None:
    decision.outcome, decision.decided_by, decision.answer = outcome, by, answer
    decision.decided_at = timezone.now()
    decision.save(update_fields=["outcome", "decided_by", "answer", "decided_at", "number"])


@contextmanager
def _waiting(decision: Decision) -> Iterator[None]:
    """Ours to decide until the block ends. Raises Decided."""
    with transaction.atomic():
        _lock(decision.petition)
        decision.refresh_from_db()
        if not decision.is_waiting:
            raise Decided
        yield


def _lock(petition: Petition) -> None:
    # Signing refers to the petition, and must not wait for us: its key stays as it is.
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)


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
