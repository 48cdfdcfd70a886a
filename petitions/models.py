"""Petitions, and the facts about each signature. What counts is one generated column; how many is petitions/tally.py."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import EncryptedTextField
from core.ids import uuid7
from core.models import Letter, LetterQuerySet, due_index
from core.safety import POLICIES, Policy, SafetyLevel
from core.wording import Worded, Wording

LINK_LIVES = timedelta(days=7)
OWN_PAGE_LIVES = timedelta(hours=24)


class PetitionQuerySet(models.QuerySet["Petition"]):
    def confirming(self, now: datetime) -> Self:
        """Those whose signatures may still be confirmed: open, or closed for no longer than a link lives."""
        return self.filter(
            Q(closes_at=None) | Q(closes_at__gt=now - LINK_LIVES - timedelta(hours=1)), opens_at__lte=now
        )


class Petition(Worded, models.Model):
    title = models.CharField(_("title"), max_length=200, help_text=_("Named in the confirmation mail."))
    text = models.TextField(_("what is signed"), help_text=_("Markdown. The very words that people put their name to."))
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    # Hourly, so that nobody can watch one person's signature arrive: petitions/snapshot.py.
    pending = models.IntegerField(default=0, editable=False)
    under_review = models.IntegerField(default=0, editable=False)
    removed = models.IntegerField(default=0, editable=False)
    confirmed_hourly = models.IntegerField(default=0, editable=False)
    snapshot_at = models.DateTimeField(null=True, editable=False)
    # Hours, days and countries tell of those who confirmed before this full hour: petitions/publishing.py.
    told_until = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["pending", "under_review", "removed", "confirmed_hourly", "snapshot_at", "told_until"]
    )

    objects = PetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")), name="petition_closes_after_opening",
                violation_error_message=_("A petition closes after it opens."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def written_in(self) -> str:
        campaign = getattr(self, "campaign", None)
        return campaign.language if campaign else settings.LANGUAGE_CODE

    @property
    def policy(self) -> Policy:
        """What the safety level of this petition's campaign says."""
        campaign = getattr(self, "campaign", None)
        return POLICIES[SafetyLevel(campaign.safety) if campaign else SafetyLevel.STANDARD]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        campaign = getattr(self, "campaign", None)
        return zoneinfo.ZoneInfo(campaign.time_zone if campaign else settings.TIME_ZONE)

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


class ToldSpan(models.Model):
    """Signatures of some full hours as the public was told (petitions/publishing.py); nobody came between them."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="told_spans")
    start = models.DateTimeField()
    end = models.DateTimeField()
    signatures = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "start"], name="one_told_span_a_start"),
            models.CheckConstraint(condition=Q(signatures=0) | Q(signatures__gte=5), name="told_span_is_no_handful"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}: {self.signatures}"


class ToldCountry(models.Model):
    """Signatures of a country as the public was told; "" for those that can't be told apart."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="told_countries")
    country = models.CharField(max_length=2, blank=True)
    signatures = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "country"], name="one_told_country"),
            models.CheckConstraint(condition=Q(signatures__gte=5), name="told_country_is_no_handful"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.signatures}"


class PetitionWording(Wording):
    of = models.ForeignKey(Petition, models.CASCADE, related_name="wordings")
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("what is signed"), blank=True)


class ConsentText(models.Model):
    """One version of the words that people agree to, in one language; written when first agreed to, never changed."""

    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    texts = models.JSONField()
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Consent {self.pk} ({self.language})"


class Review(models.TextChoices):
    NONE = "none", _("none")
    QUARANTINED = "quarantined", _("quarantined")
    REMOVED = "removed", _("removed")


class SignatureQuerySet(LetterQuerySet["Signature"]):
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
        uncertain = Q(mail_attempts__gte=Letter.ATTEMPTS, mail_due_at__lt=now - LINK_LIVES)
        lapsed = Q(mailed_at__lt=now - LINK_LIVES) | never_mailed | uncertain
        return self.filter(lapsed, confirmed_at=None, counted=False)

    def past_retention(self, now: datetime) -> Self:
        """Closed longer ago than the safety level allows us to know who signed."""
        over = Q(
            petition__campaign=None, petition__closes_at__lt=now - POLICIES[SafetyLevel.STANDARD].kept_after_closing
        )
        for level, policy in POLICIES.items():
            over |= Q(petition__campaign__safety=level, petition__closes_at__lt=now - policy.kept_after_closing)
        return self.filter(over, erased_at=None)

    def by(self, address_hashes: list[bytes]) -> Self:
        return self.filter(address_hash__in=address_hashes)


class Removal(models.Model):
    """A decision to take signatures out. It is public, with its reason, number and date; who decided is not."""

    class Reason(models.TextChoices):
        AUTOMATED = "automated", _("made by a machine")
        DUPLICATE = "duplicate", _("the same person more than once")
        IMPOSTOR = "impostor", _("in the name of somebody else")
        ABUSE = "abuse", _("abusive")
        REVIEW = "review", _("set aside to be looked at")

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="removals")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    number = models.PositiveIntegerField(_("signatures"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["automated", "duplicate", "impostor", "abuse", "review"]),
                name="removal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="removal_needs_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_reason_display()}"


class Suppression(models.Model):
    """An address that wants no mail of ours. Only its hash is known, under the key of its version."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    hash_version = models.SmallIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Suppression {self.pk}"


class Mailing(models.Model):
    """A mail with a button was begun for this address. Outlives the row that it was for, a signature or a pledge, so that caps and
    "this wasn't me" hold when that is gone; forgotten after 30 days (petitions/caps.py)."""

    row = models.UUIDField(unique=True)
    petition = models.ForeignKey(Petition, models.CASCADE, null=True, related_name="+")
    address_hash = models.BinaryField(max_length=32)
    hash_version = models.SmallIntegerField()
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["address_hash", "begun_at"], name="mailing_by_address")]

    def __str__(self) -> str:
        return f"Mailing {self.pk}"


class Alert(models.Model):
    """Something that looks like sabotage, for staff to look at."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("more from one country than can be")
        DOMAIN = "domain", _("many from one domain")
        FAST = "fast", _("forms filled in under two seconds")
        NAME = "name", _("one name many times")
        OLD_LINKS = "old", _("a burst of old confirmations")
        NIGHT = "night", _("as many at night as by day")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="alerts")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    detail = models.CharField(_("detail"), max_length=64, blank=True)
    raised_at = models.DateTimeField(_("when"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), null=True)

    class Meta:
        ordering = ["-raised_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.detail}".strip()


class Signature(Letter):
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
    client_hash = models.BinaryField(max_length=16, null=True)
    # For alerts: the domain as core/domains.py may tell it, a hash of the name that nobody can follow to another day, and how
    # long the form took.
    domain = models.CharField(max_length=64, blank=True)
    name_hash = models.BinaryField(max_length=16, null=True)
    seconds = models.PositiveIntegerField(null=True)

    signed_at = models.DateTimeField(_("signed"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    review = models.CharField(_("review"), max_length=12, choices=Review, default=Review.NONE)
    removal = models.ForeignKey(Removal, models.PROTECT, null=True, editable=False, related_name="signatures")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, editable=False)
    show_name_at = models.DateTimeField(_("agreed to show the name"), null=True, editable=False)
    updates_at = models.DateTimeField(_("asked for updates"), null=True, editable=False)
    others_at = models.DateTimeField(_("asked for other campaigns"), null=True, editable=False)

    counts = models.GeneratedField(
        expression=Q(  # type: ignore[arg-type]
            confirmed_at__isnull=False, withdrawn_at__isnull=True, review="none"
        ),
        output_field=models.BooleanField(), db_persist=True, verbose_name=_("counts"),
    )  # fmt: skip
    # Whether the tally holds this row; it follows `counts` (petitions/tally.py).
    counted = models.BooleanField(default=False, editable=False)

    objects = SignatureQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "address_hash"], name="one_signature_per_address",
                condition=Q(confirmed_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="signature_review_is_known"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="signature_country_is_a_code"),
            models.CheckConstraint(
                condition=Q(email__isnull=False, name__isnull=False, address_hash__isnull=False) | Q(erased_at__isnull=False),
                name="signature_is_whole_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    email__isnull=True, name__isnull=True, comment__isnull=True, address_hash__isnull=True,
                    client_hash__isnull=True, name_hash__isnull=True,
                ),
                name="erased_signature_is_blank",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(consent_text__isnull=False), name="confirmed_signature_has_consent"
            ),
        ]  # fmt: skip
        indexes = [
            due_index("signature_mail_due"),
            models.Index(fields=["id"], name="signature_to_tally", condition=~Q(counted=F("counts"))),
            models.Index(fields=["address_hash"], name="signature_by_address", condition=Q(address_hash__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Signature {self.pk}"

    @property
    def link_expired(self) -> bool:
        return self.mailed_at is not None and self.mailed_at < timezone.now() - LINK_LIVES


class LinkRequestQuerySet(LetterQuerySet["LinkRequest"]):
    pass


class LinkRequest(Letter):
    """Somebody asked for the link to their own page. Every request is one row, whether the address ever signed or not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = EncryptedTextField()
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)
    asked_at = models.DateTimeField(default=timezone.now)
    address_hash = models.BinaryField(max_length=32, null=True)

    objects = LinkRequestQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = [
            due_index("linkrequest_mail_due"),
            models.Index(fields=["address_hash"], name="linkrequest_by_address"),
        ]

    def __str__(self) -> str:
        return f"Link request {self.pk}"

    @property
    def expired(self) -> bool:
        return self.mailed_at is None or self.mailed_at < timezone.now() - OWN_PAGE_LIVES


class Tally(models.Model):
    """How many signatures count, by the quarter of an hour of their confirmation and by country."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="tallies")
    start = models.DateTimeField()
    country = models.CharField(max_length=2)
    signatures = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "start", "country"], name="one_tally_per_cell")]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.country}: {self.signatures}"
