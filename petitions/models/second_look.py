"""Who was taken out by staff asks them to look again: what they say, and what came of it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from petitions.models.decision import DecidedSignature, Decision, Job
from petitions.models.petition import Petition
from petitions.models.signature import Signature

# So many who say the same, or nothing, are a crowd.
ALIKE = 3


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def waiting(self) -> Self:
        """Unanswered, and the signature is out by the decision that it was asked about; nobody is about to put it back."""
        mine = Q(decision__in=Decision.objects.pending()) | Q(was="", decision__job__state__in=Job.CARRIED_OUT)
        on_its_way = DecidedSignature.objects.filter(
            mine, signature=OuterRef("signature"), decision__kind=Decision.Kind.RESTORE
        )
        still = self.filter(answered_at=None, signature__decision=F("decision"), signature__withdrawn_at=None)
        return still.exclude(Exists(on_its_way))

    def one_by_one(self) -> Self:
        return self.exclude(words_hash__in=_said_by_many())

    def alike(self) -> Self:
        """Of those who say the same, or of one batch nothing: a crowd is one number, not a list."""
        return self.filter(words_hash__in=_said_by_many())


class SecondLook(models.Model):
    """Once for each decision that keeps a signature out, its owner asks whether that was a mistake. It changes nothing by itself:
    that the signature counts again is a decision of its own, and what this is then is read from there."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="second_looks", db_index=False)
    # That of the signature, which never changes.
    petition = models.ForeignKey(Petition, models.PROTECT, db_index=False, verbose_name=_("petition"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="second_looks", db_index=False, verbose_name=_("decision")
    )
    words = EncryptedTextField(_("what they say"), null=True)
    # Tells that several say the same, or of one batch nothing.
    words_hash = models.BinaryField(max_length=16)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    # Why it stays as it is.
    answer = models.CharField(_("why it stays"), max_length=12, choices=Decision.Reason, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by")
    )
    answered_at = models.DateTimeField(_("decided"), null=True)

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("second look"), _("second looks")
        # By what took them out: what came in one batch is seen in one place.
        ordering = ["decision", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["signature", "decision"], name="one_second_look_for_each_decision"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    answer__in=["automated", "duplicate", "impostor", "abuse"],
                ),
                name="second_look_says_why_it_stays",
            ),
        ]
        indexes = [
            models.Index(fields=["petition"], name="second_look_waiting", condition=Q(answered_at__isnull=True)),
            models.Index(fields=["words_hash"], name="second_look_by_words"),
        ]

    def __str__(self) -> str:
        return f"Second look {self.pk}"

    @property
    def counts_again(self) -> bool:
        return bool(self.signature.counts)

    @property
    def waits(self) -> bool:
        return SecondLook.objects.waiting().filter(pk=self.pk).exists()


def _said_by_many() -> models.QuerySet[SecondLook, Any]:
    """Of all that were ever asked: an answer to one does not make the others its own."""
    said = SecondLook.objects.order_by().values("words_hash")
    return said.annotate(number=Count("pk")).filter(number__gte=ALIKE).values("words_hash")
