"""What staff decided about signatures, and who looked at them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.privacy import mailboxes
from petitions.models.petition import Petition, Review, _retention_over


class DecisionQuerySet(models.QuerySet["Decision"]):
    def waiting(self) -> Self:
        """Asked for, undecided and not expired, whether or not the task that says so has run yet."""
        return self.pending().filter(job=None)

    def pending(self) -> Self:
        """The same, and what the workers are still choosing."""
        return self.filter(outcome=Decision.Outcome.WAITING, asked_at__gt=timezone.now() - Decision.WAITS)

    def expired(self) -> Self:
        return self.filter(outcome=Decision.Outcome.WAITING, job=None, asked_at__lte=timezone.now() - Decision.WAITS)

    def done(self) -> Self:
        return self.filter(outcome=Decision.Outcome.DONE)

    def taking_out(self) -> Self:
        return self.filter(kind__in=Decision.TAKING_OUT)

    def putting_back(self) -> Self:
        return self.exclude(kind__in=Decision.TAKING_OUT)

    def under_way(self) -> Self:
        """Not yet chosen, or not yet carried out, to their end (petitions/jobs.py)."""
        return self.filter(job__state__in=Job.UNDER_WAY)


class Decision(models.Model):
    """What somebody on the staff did with signatures, or asked a second person for (petitions/moderation.py).

    A removal is public, with its reason, number and date; who decided is not.
    """

    class Kind(models.TextChoices):
        REMOVE = "remove", _("remove them")
        QUARANTINE = "quarantine", _("set them aside for review")
        RESTORE = "restore", _("put back what people removed")
        RELEASE = "release", _("release what a machine set aside")

    class Reason(models.TextChoices):
        AUTOMATED = "automated", _("made by a machine")
        DUPLICATE = "duplicate", _("the same person more than once")
        IMPOSTOR = "impostor", _("in the name of somebody else")
        ABUSE = "abuse", _("abusive")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("request taken back")
        EXPIRED = "expired", _("expired")

    TAKING_OUT = (Kind.REMOVE, Kind.QUARANTINE)
    WAITS = timedelta(days=7)

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    # As asked for while it waits, as carried out so far afterwards; how many of these were put back since; how many stood when asked.
    number = models.PositiveIntegerField(_("signatures"))
    restored = models.PositiveIntegerField(_("put back since"), default=0)
    stood = models.PositiveIntegerField(_("counted then"), default=0)
    # {"ticked": whether one by one, "filters": {...}}: how the signatures were chosen in the list.
    choice = models.JSONField(default=dict)
    signatures: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Signature",
        related_name="decisions",
        through="DecidedSignature",
        through_fields=("decision", "signature"),
    )
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("undoes"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    asked_at = models.DateTimeField(_("requested"), default=timezone.now)
    outcome = models.CharField(_("state"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    # Nobody for what one person may do alone, and for what has expired.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("why it was declined"), max_length=200, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision on signatures"), _("decisions on signatures")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="remove", reason__in=["automated", "duplicate", "impostor", "abuse"])
                | Q(kind__in=["quarantine", "restore", "release"], reason=""),
                name="removal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "expired"], decided_by__isnull=True)
                | Q(outcome="withdrawn", decided_by=F("asked_by"))
                | Q(outcome="declined", decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))
                | Q(outcome="done") & (Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))),
                name="decision_needs_another_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at__isnull=True)
                | Q(outcome__in=["done", "declined", "withdrawn", "expired"], decided_at__isnull=False),
                name="decision_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(outcome="declined") | ~Q(answer=""), name="declined_decision_says_why"),
            models.CheckConstraint(condition=Q(restored__lte=F("number")), name="no_more_put_back_than_taken_out"),
        ]

    def __str__(self) -> str:
        what = self.get_reason_display() or self.get_kind_display()
        return what if self.is_being_chosen else f"{self.chosen}: {what}"

    @property
    def chosen(self) -> int:
        """How many signatures it is about, whatever of them its job has come to."""
        return self.job.total if hasattr(self, "job") else self.number

    @property
    def takes_out(self) -> bool:
        return self.kind in self.TAKING_OUT

    @property
    def is_waiting(self) -> bool:
        asked_for = self.outcome == self.Outcome.WAITING and not hasattr(self, "job")
        return asked_for and timezone.now() < self.expires_at

    @property
    def is_being_chosen(self) -> bool:
        """How many signatures it is about is not known yet: the workers are at it, or have failed."""
        return self.outcome == self.Outcome.WAITING and hasattr(self, "job")

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + self.WAITS

    @property
    def is_under_way(self) -> bool:
        return hasattr(self, "job") and self.job.is_under_way

    @property
    def state(self) -> str:
        """The outcome in words, or how far its job is; what has expired is called so before the task has said it."""
        if hasattr(self, "job") and self.job.state != Job.State.DONE:
            return str(self.job)
        over = self.outcome == self.Outcome.WAITING and not self.is_waiting
        return str(self.Outcome.EXPIRED.label) if over else self.get_outcome_display()


class DecidedSignature(models.Model):
    """A signature that a decision is about, chosen when it was asked for; and, once that was carried out, how it stood before."""

    decision = models.ForeignKey(Decision, models.CASCADE)
    signature = models.ForeignKey("Signature", models.CASCADE)
    # "" for what nobody has touched yet, and for what a release before this column has carried out.
    was = models.CharField(max_length=12, choices=Review, blank=True, default="", db_default="")
    was_decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "petitions_decision_signatures"
        unique_together = [("decision", "signature")]

    def __str__(self) -> str:
        return f"Signature {self.signature_id} of decision {self.decision_id}"


class JobQuerySet(models.QuerySet["Job"]):
    def under_way(self) -> Self:
        return self.filter(state__in=Job.UNDER_WAY)


class Job(models.Model):
    """A decision on many signatures that the workers choose or carry out, in batches (petitions/jobs.py): how far it is."""

    class State(models.TextChoices):
        CHOOSING = "choosing", _("choosing the signatures")
        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("under way")
        CANCELLED = "cancelled", _("cancelled")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    CARRIED_OUT = (State.WAITING, State.RUNNING)
    UNDER_WAY = (State.CHOOSING, *CARRIED_OUT)

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="job")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    # How many signatures were chosen; how many of them were looked at; up to which one they were chosen, or then looked at.
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    cursor = models.UUIDField(null=True)
    # Batches that failed since the last one that did not, and the kind of the last error.
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["choosing", "waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["cancelled", "done", "failed"], ended_at__isnull=False),
                name="job_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_by__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_by__isnull=True),
                name="cancelled_job_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(done=0, cursor__isnull=True) | Q(cursor__isnull=False), name="job_knows_where_it_is"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_does_no_more_than_all"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done=F("total")), name="job_that_is_done_did_all"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], name="job_under_way", condition=Q(state__in=["choosing", "waiting", "running"])
            )
        ]

    def __str__(self) -> str:
        if self.state == self.State.CHOOSING:
            return f"{self.get_state_display()}: {number_format(self.total, use_l10n=True, force_grouping=True)}"
        return gettext("%(state)s: %(done)s of %(total)s") % {
            "state": self.get_state_display(),
            "done": number_format(self.done, use_l10n=True, force_grouping=True),
            "total": number_format(self.total, use_l10n=True, force_grouping=True),
        }

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def may_be_cancelled(self) -> bool:
        """What has failed, too: else somebody would have to let it go on."""
        return self.is_under_way or self.state == self.State.FAILED

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


class StandingDecisionQuerySet(models.QuerySet["StandingDecision"]):
    def for_address(self, address: str) -> Self:
        """Those of this mailbox, under whichever key and rule they are."""
        return self.filter(mailboxes.look_up(address))

    def past_retention(self, now: datetime) -> Self:
        return self.filter(_retention_over(now))


class StandingDecision(models.Model):
    """A person took out a signature that its mailbox had confirmed: that stands for this address and petition, whichever of its
    links is confirmed next, and outlives an erasure until retention ends. Putting the signature back ends it."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="standing_decisions")
    address_hash = models.BinaryField(max_length=32)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
    review = models.CharField(max_length=12, choices=Review)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="standing_decisions")

    objects = StandingDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "address_hash"], name="one_standing_decision_per_address"),
            models.CheckConstraint(
                condition=Q(review__in=["quarantined", "removed"]), name="standing_decision_takes_out"
            ),
        ]
        indexes = [models.Index(fields=["address_hash"], name="standing_decision_by_address")]

    def __str__(self) -> str:
        return f"Standing decision {self.pk}"


class Reveal(models.Model):
    """Somebody on the staff has looked at who signed: which row or which sheet of paper, and why; never what stood there
    (petitions/reveal.py)."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("signature")
        SHEET = "sheet", _("sheet of paper")

    kind = models.CharField(_("what"), max_length=12, choices=Kind, default=Kind.SIGNATURE, db_default=Kind.SIGNATURE)
    # Without a foreign key: the row may be gone when somebody asks who has looked at it.
    row = models.UUIDField(_("signature"))
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", verbose_name=_("petition"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who looked"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reveal_has_a_reason")]
        indexes = [models.Index(fields=["by", "at"], name="reveal_by_person")]

    def __str__(self) -> str:
        return f"Reveal {self.pk}"
