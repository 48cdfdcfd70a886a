"""What one person may do alone with signatures, and what is slept on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from petitions import tally
from petitions.models import DecidedSignature, Decision, Job, Petition, Signature

Kind = Decision.Kind
# What one person may do alone, in all and within this time: a share of what counts, and always a few. A lecture hall that a
# machine has set aside is not held up.
WITHIN = timedelta(days=30)
FEW, SHARE = 10, 0.01
MACHINES_FEW, MACHINES_SHARE = 500, 0.10
# A removal of more than this share of what stood, over all who ask within this time, is slept on.
MUCH, LATELY, A_NIGHT = 0.20, timedelta(days=7), timedelta(hours=24)


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
        return (out.exclude(decisions=besides) if besides else out).count() + _to_come(mine.taking_out())
    mine = mine.filter(kind=kind)
    return (mine.aggregate(total=Sum("number"))["total"] or 0) + _to_come(mine)


def may_alone(decision: Decision) -> bool:
    petition, by, kind = decision.petition, decision.asked_by, decision.kind
    if used(petition, by, kind, besides=decision) + decision.number > alone(petition, kind):
        return False
    if kind == Kind.REMOVE and _is_much(petition, decision.number):
        return False
    return not (decision.takes_out and _leaves_nothing(decision))


def not_before(decision: Decision) -> datetime:
    """When it may be approved. Slices are summed, whoever asks for them, so that none evades the night."""
    if decision.kind == Kind.REMOVE and _is_much(decision.petition, decision.number):
        return decision.asked_at + A_NIGHT
    return decision.asked_at


def to_be_changed() -> QuerySet[DecidedSignature]:
    """Those of the signature that a job has yet to come to: nobody asks for them again, by a second click for one."""
    return DecidedSignature.objects.filter(signature=OuterRef("pk"), was="", decision__job__state__in=Job.CARRIED_OUT)


def _out(removals: QuerySet[Decision]) -> int:
    """How many these have taken out, or will have when their jobs are done, without those that were put back."""
    return (removals.aggregate(total=Sum(F("number") - F("restored")))["total"] or 0) + _to_come(removals)


def _to_come(decisions: QuerySet[Decision]) -> int:
    """How many signatures the jobs of these have yet to come to."""
    jobs_of = Job.objects.under_way().filter(decision__in=decisions)
    return jobs_of.aggregate(total=Sum(F("total") - F("done")))["total"] or 0


def _leaves_nothing(decision: Decision) -> bool:
    """One click never takes a petition to 0, but for somebody's trial: the only signature that there ever was."""
    counting = Signature.objects.counting().filter(~Exists(to_be_changed()), petition=decision.petition)
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
