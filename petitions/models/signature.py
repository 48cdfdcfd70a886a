"""The facts about each signature. What counts is one generated column; how many is petitions/tally.py."""

from __future__ import annotations

from datetime import datetime
from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import QueuedMail, QueuedMailQuerySet, due_index
from core.privacy import mailboxes
from core.privacy.mailboxes import went_astray
from petitions.models.decision import Decision
from petitions.models.petition import LINK_LIVES, ConsentText, Petition, Review, _retention_over


class SignatureQuerySet(QueuedMailQuerySet["Signature"]):
    def counting(self) -> Self:
        return self.filter(counts=True)

    def pending(self) -> Self:
        return self.filter(confirmed_at=None, withdrawn_at=None)

    def confirmed(self) -> Self:
        return self.exclude(confirmed_at=None)

    def standing(self) -> Self:
        """Confirmed and not taken back, whatever the review says."""
        return self.confirmed().filter(withdrawn_at=None)

    def kept(self) -> Self:
        """All that still says who it was, whatever became of it."""
        return self.filter(erased_at=None)

    def under_review(self) -> Self:
        return self.standing().filter(review=Review.QUARANTINED)

    def removed(self) -> Self:
        return self.standing().filter(review=Review.REMOVED)

    def lapsed(self, now: datetime) -> Self:
        """Never confirmed, and their link has expired; a row whose mail is still to be sent has not lapsed."""
        never_mailed = Q(mailed_at=None, mail_due_at=None, signed_at__lt=now - LINK_LIVES)
        uncertain = Q(mail_attempts__gte=QueuedMail.ATTEMPTS, mail_due_at__lt=now - LINK_LIVES)
        lapsed = Q(mailed_at__lt=now - LINK_LIVES) | never_mailed | uncertain
        return self.filter(lapsed, confirmed_at=None, counted=False)

    def to_tally(self) -> Self:
        """Those that the tally has yet to add or to take off (petitions/tally.py)."""
        return self.filter(~Q(counted=F("counts")))

    def to_be_mailed(self) -> Self:
        """Whose mail waits, is being sent, or is tried again; without those whose outcome is uncertain."""
        return self.filter(mail_due_at__isnull=False, mail_attempts__lt=QueuedMail.ATTEMPTS)

    def past_retention(self, now: datetime) -> Self:
        """Closed longer ago than the safety level allows us to know who signed."""
        return self.filter(_retention_over(now), erased_at=None)

    def by(self, address_hashes: list[bytes]) -> Self:
        return self.filter(address_hash__in=address_hashes)

    def for_address(self, address: str) -> Self:
        """Those of this mailbox, under whichever key and rule they are."""
        return cast(Self, mailboxes.for_address(self, address))


class Signature(QueuedMail):
    """One submission of the form. Its address, name and comment can be read with FIELD_KEYS only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures")
    email = EncryptedTextField(_("e-mail"), null=True)
    name = EncryptedTextField(_("name"), null=True)
    comment = EncryptedTextField(_("comment"), null=True, blank=True)
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)
    address_hash = models.BinaryField(max_length=32, null=True)
    hash_version = models.SmallIntegerField(null=True)
    # By which rule the address was hashed (core/privacy/addresses.py). 1: by a release that knew no other; one may still run
    # beside us.
    hash_rule = models.SmallIntegerField(db_default=1)
    client_hash = models.BinaryField(max_length=16, null=True)
    # For alerts: the domain as core/privacy/domains.py may tell it, a hash of the name that nobody can follow to another day, and how
    # long the form took.
    domain = models.CharField(max_length=64, blank=True)
    name_hash = models.BinaryField(max_length=16, null=True)
    seconds = models.PositiveIntegerField(null=True)

    signed_at = models.DateTimeField(_("signed"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    review = models.CharField(_("review"), max_length=12, choices=Review, default=Review.NONE)
    # What a person did that put it into this review; none where a machine set it aside.
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, editable=False, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, editable=False)
    show_name_at = models.DateTimeField(_("agreed to show the name"), null=True, editable=False)
    updates_at = models.DateTimeField(_("asked for updates"), null=True, editable=False)
    others_at = models.DateTimeField(_("asked for other campaigns"), null=True, editable=False)

    counts = models.GeneratedField(
        expression=cast(Expression, Q(confirmed_at__isnull=False, withdrawn_at__isnull=True, review="none")),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("counts"),
    )
    # Whether the tally holds this row; it follows `counts` (petitions/tally.py).
    counted = models.BooleanField(default=False, editable=False)

    objects = SignatureQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        permissions = [("reveal_signature", _("Can see who signed, one row at a time and for a reason"))]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "address_hash"],
                name="one_signature_per_address",
                condition=Q(confirmed_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="signature_review_is_known"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="signature_country_is_a_code"),
            models.CheckConstraint(
                condition=Q(email__isnull=False, name__isnull=False, address_hash__isnull=False)
                | Q(erased_at__isnull=False),
                name="signature_is_whole_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    email__isnull=True,
                    name__isnull=True,
                    comment__isnull=True,
                    address_hash__isnull=True,
                    client_hash__isnull=True,
                    name_hash__isnull=True,
                ),
                name="erased_signature_is_blank",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=True) | ~Q(review="none"), name="decided_signature_is_out"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(consent_text__isnull=False),
                name="confirmed_signature_has_consent",
            ),
        ]
        indexes = [
            due_index("signature_mail_due"),
            models.Index(fields=["id"], name="signature_to_tally", condition=~Q(counted=F("counts"))),
            models.Index(fields=["address_hash"], name="signature_by_address", condition=Q(address_hash__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Signature {self.pk}"

    @property
    def gets_news(self) -> bool:
        """Whether who signed has asked for news, of this campaign or of others."""
        return self.updates_at is not None or self.others_at is not None

    @property
    def can_be_confirmed(self) -> bool:
        """Whether it waits to be confirmed, and still can be."""
        return self.confirmed_at is None and self.withdrawn_at is None and not self.link_expired

    @property
    def link_expired(self) -> bool:
        """Seven days after its mail; without a mail, as long after the petition has closed."""
        since = self.mailed_at or self.petition.closes_at
        return (since is not None and since < timezone.now() - LINK_LIVES) or went_astray(self)
