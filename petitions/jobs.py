"""Decisions on many signatures: chosen by the workers, where conditions found them, and carried out by them.

A batch is one transaction: it changes its signatures, the tally and the public number of the decision, and notes in the job's row how
far it is. So every figure is right after each batch, and whoever dies in the middle of one has changed nothing: the next turn, of
whichever worker, goes on after the last one that was committed.
"""

from __future__ import annotations

import logging
import time

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from petitions import calling, carrying_out, choosing, limits, tally
from petitions.models import DecidedSignature, Decision, Job, Signature

log = logging.getLogger(__name__)
State = Job.State
# So many are carried out in the request itself; of more, so many at a time.
AT_ONCE, BATCH = 500, 1_000
# Seconds that one turn goes on; batches that may fail one after the other, before somebody has to look.
TURN, TRIES = 10.0, 5


class Over(Exception):
    """It has ended in the meantime, or never failed."""


def begin_choosing(decision: Decision) -> None:
    """The workers have it from the commit on; what it is about is known, and decided on, when all are chosen."""
    Job.objects.create(decision=decision, state=State.CHOOSING, total=0)


def begin(decision: Decision) -> None:
    """The workers have it from the commit on."""
    Job.objects.create(decision=decision, total=DecidedSignature.objects.filter(decision=decision).count())


def work(seconds: float = TURN) -> None:
    """Go on with all that is under way, a batch of each in turn, until nothing is left or so many seconds are over."""
    ends, moved = time.monotonic() + seconds, 1
    while moved and time.monotonic() < ends:
        jobs = list(Job.objects.under_way().order_by("asked_at").values_list("pk", flat=True))
        moved = sum(_go_on(job) for job in jobs)


def cancel(decision: Decision, by: User) -> None:
    """After the batch that is just being carried out; what was changed stays, and the rest was never decided. Raises Over."""
    with transaction.atomic():
        # None: what it chose stands by now, and waits for somebody.
        job = Job.objects.select_for_update().filter(pk=decision.pk).first()
        if job is None or not job.may_be_cancelled:
            raise Over
        DecidedSignature.objects.filter(decision=decision, was="").delete()
        # Of what was still being chosen nothing is left to decide.
        unchosen = Decision.objects.filter(pk=decision.pk, outcome=Decision.Outcome.WAITING)
        unchosen.update(outcome=Decision.Outcome.DONE, decided_at=timezone.now())
        _end(job, State.CANCELLED, by)


def try_again(decision: Decision) -> None:
    """Go on with what has failed. Raises Over."""
    failed = Job.objects.filter(pk=decision.pk, state=State.FAILED)
    state = State.CHOOSING if decision.outcome == Decision.Outcome.WAITING else State.RUNNING
    if not failed.update(state=state, ended_at=None, failures=0):
        raise Over


def _go_on(pk: int) -> bool:
    """Carry out one batch; False when somebody else is at it, or it has failed."""
    try:
        with transaction.atomic():
            job = _taken(pk)
            if job:
                (_choose if job.state == State.CHOOSING else _batch)(job)
        return job is not None
    except (OperationalError, InterfaceError):
        # The database is away, or has ended our statement: the next turn tries again.
        raise
    except Exception as error:
        log.exception("a batch of decision %s failed", pk)
        _note_failure(pk, type(error).__name__)
        return False


def _taken(pk: int) -> Job | None:
    """The job, ours until the transaction ends; None when it has ended or another worker has it."""
    rows = Job.objects.under_way().select_related("decision__petition")
    return rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()


def _choose(job: Job) -> None:
    decision = job.decision
    carrying_out.lock(decision.petition)
    if decision.outcome != Decision.Outcome.WAITING:
        # Somebody has decided it as it was: what is left is nobody's decision any more.
        job.delete()
        return
    if choosing.choose_some(job):
        _moved(job)
        job.save()
        return
    decision.number = job.total
    decision.stood = Signature.objects.standing().filter(petition=decision.petition_id).count()
    # What it has chosen is not on its way any more, but asked for.
    job.delete()
    if limits.may_alone(decision):
        decision.number, decision.outcome, decision.decided_at = 0, Decision.Outcome.DONE, timezone.now()
        begin(decision)
    else:
        calling.about_decision(decision)
    decision.save(update_fields=["number", "stood", "outcome", "decided_at"])


def _batch(job: Job) -> None:
    decision = job.decision
    carrying_out.lock(decision.petition)
    batch = carrying_out.carry_out(decision, job.cursor, BATCH)
    Decision.objects.filter(pk=decision.pk).update(number=F("number") + batch.fitted)
    job.done, job.cursor = min(job.done + batch.seen, job.total), batch.last
    _moved(job)
    if batch.seen < BATCH:
        _end(job, State.DONE)
    else:
        job.state = State.RUNNING
        job.save()
    # Last: whoever writes cells waits until we commit.
    tally.settle_these(batch.changed)


def _moved(job: Job) -> None:
    job.failures, job.error, job.moved_at = 0, "", timezone.now()


def _end(job: Job, state: str, by: User | None = None) -> None:
    job.state, job.cancelled_by, job.ended_at = state, by, timezone.now()
    if state == State.DONE:
        # What was chosen and never confirmed may be gone by now.
        job.total = job.done
    job.save()


def _note_failure(pk: int, error: str) -> None:
    with transaction.atomic():
        job = _taken(pk)
        if job:
            job.failures, job.error = job.failures + 1, error[:100]
            if job.failures < TRIES:
                job.save()
            else:
                _end(job, State.FAILED)
