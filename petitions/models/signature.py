"""The facts about each signature. What counts is one generated column; how many is petitions/tally.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import QueuedMail, QueuedMailQuerySet, due_index
from core.privacy import mailboxes
from core.privacy.mailboxes import went_astray
from petitions.models.decision import Decision
from petitions.models.petition import LINK_LIVES, ConsentText, Petition, Review, links_are_spared
from petitions.small_countries import SMALL

NEVER = Value(datetime.max.replace(tzinfo=UTC))


class SignatureQuerySet(QueuedMailQuerySet["Signature"]):
    def counting(self) -> Self:
        return self.filter(counts=True)

    def pending(self) -> Self:
        return self.filter(confirmed_at=None, withdrawn_at=None)

    def pending_among_few(self) -> Self:
        """The same, of rows that were chosen by their key or address.

        While its statistics say that nobody waits, PostgreSQL would read the whole index of those who do, for each of them; and a
        crowd comes sooner than new statistics of a large table."""
        return self.alias(stands_since=Coalesce("confirmed_at", NEVER)).filter(stands_since=NEVER, withdrawn_at=None)

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

    def to_be_mailed(self) -> Self:
        """Whose mail waits, is being sent, or is tried again. Without those that wait on purpose, since the answer to a first try was
        lost or too many came from one place, and without those whose outcome is uncertain."""
        soon = timezone.now() + QueuedMail.LEASE
        waiting = self.filter(mail_due_at__lte=soon, mail_attempts__lt=QueuedMail.ATTEMPTS)
        return waiting.exclude(review=Review.QUARANTINED)

    def by(self, address_hashes: list[bytes]) -> Self:
        return self.filter(address_hash__in=address_hashes)

    def for_address(self, address: str) -> Self:
        """Those of this mailbox, under whichever key and rule they are."""
        return cast(Self, mailboxes.for_address(self, address))


class Signature(QueuedMail):
    """One submission of the form. Its address, name and comment can be read with FIELD_KEYS only."""

    held_by = "petition"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Foreign keys have no index of their own: each one costs every INSERT. What is looked for is below.
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures", db_index=False)
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
    # Through which link somebody came, as one word; none where the safety level keeps none (petitions/signing.py).
    source = models.CharField(_("source"), max_length=20, null=True, editable=False)

    signed_at = models.DateTimeField(_("signed"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    review = models.CharField(_("review"), max_length=12, choices=Review, default=Review.NONE)
    # What a person did that put it into this review; none where a machine set it aside.
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    # What stood at the form's button when this was sent, at `signed_at`; null where a release wrote it that had boxes there.
    # No index: it is read from the row, and never looked up.
    form_text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, editable=False, db_index=False)
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
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(source__regex="^[a-z0-9][a-z0-9-]{0,19}$"),
                name="signature_source_is_a_word",
            ),
        ]
        indexes = [
            due_index("signature_mail_due"),
            models.Index(fields=["id"], name="signature_to_tally", condition=~Q(counted=F("counts"))),
            models.Index(fields=["address_hash"], name="signature_by_address", condition=Q(address_hash__isnull=False)),
            # For alerts: the last hour, day and night; confirmed in the last hour; countries that can have no crowd.
            models.Index(fields=["petition", "signed_at"], name="signature_by_time"),
            models.Index(
                fields=["petition", "confirmed_at"],
                name="signature_by_confirmation",
                condition=Q(confirmed_at__isnull=False),
            ),
            models.Index(
                fields=["petition", "country"],
                name="signature_of_small_countries",
                condition=Q(country__in=list(SMALL)),
            ),
            # For the hourly figures and for what has lapsed: small, since a row leaves it when it is confirmed or goes after a week.
            models.Index(fields=["petition"], name="signature_unconfirmed", condition=Q(confirmed_at__isnull=True)),
            # For the hourly figures, and for lists with the newest first: without the many that no review stands against.
            models.Index(fields=["petition", "review"], name="signature_in_review", condition=~Q(review="none")),
            models.Index(fields=["review", "id"], name="signature_to_review", condition=~Q(review="none")),
            models.Index(fields=["decision"], name="signature_by_decision", condition=Q(decision__isnull=False)),
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
        is_old = since is not None and since < timezone.now() - LINK_LIVES
        return (is_old and not links_are_spared(self.petition.owner)) or went_astray(self)
