"""Petitions, and the facts about each signature. What counts is one generated column; how many is petitions/tally.py."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any, Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Expression, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import Letter, LetterQuerySet, due_index
from core.privacy import mailboxes
from core.privacy.mailboxes import went_astray
from core.privacy.safety import POLICIES, Policy, SafetyLevel
from core.text.translations import Worded, Wording

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
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_(
            "Once closed it stays: how long we know who signed counts from here. To open it again, set the campaign live again."
        ),
    )
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
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="petition_closes_after_opening",
                violation_error_message=_("A petition closes after it opens."),
            ),
        ]

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

    @property
    def forgets_at(self) -> datetime | None:
        """When we forget who signed; None until it is known when the petition closes."""
        return self.closes_at + self.policy.kept_after_closing if self.closes_at else None

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def waits_though_signed(self) -> bool:
        """Its opening was put off after people had signed: they are forgotten some day all the same."""
        return self.opens_at > timezone.now() and self.signatures.exists()

    def clean(self) -> None:
        """The database refuses it too (petitions/closing.py)."""
        stored = Petition.objects.filter(pk=self.pk).first()
        if stored is None or stored.closes_at == self.closes_at:
            return
        if stored.is_closed:
            raise ValidationError({"closes_at": _("It is closed: to open it again, set the campaign live again.")})
        if self.is_closed:
            raise ValidationError(
                {"closes_at": _("Please choose a time that is still to come. To end it now, close the campaign.")}
            )


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


def _retention_over(now: datetime) -> Q:
    """Of a petition that closed longer ago than its safety level allows us to know who signed."""
    over = Q(petition__campaign=None, petition__closes_at__lt=now - POLICIES[SafetyLevel.STANDARD].kept_after_closing)
    for level, policy in POLICIES.items():
        over |= Q(petition__campaign__safety=level, petition__closes_at__lt=now - policy.kept_after_closing)
    return over


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
        return self.filter(_retention_over(now), erased_at=None)

    def by(self, address_hashes: list[bytes]) -> Self:
        return self.filter(address_hash__in=address_hashes)

    def of(self, address: str) -> Self:
        """Those of this mailbox, under whichever key and rule they are."""
        return cast(Self, mailboxes.of(self, address))


class DecisionQuerySet(models.QuerySet["Decision"]):
    def waiting(self) -> Self:
        """Asked for, undecided and not expired, whether or not the task that says so has run yet."""
        return self.filter(outcome=Decision.Outcome.WAITING, asked_at__gt=timezone.now() - Decision.WAITS)

    def expired(self) -> Self:
        return self.filter(outcome=Decision.Outcome.WAITING, asked_at__lte=timezone.now() - Decision.WAITS)

    def done(self) -> Self:
        return self.filter(outcome=Decision.Outcome.DONE)

    def taking_out(self) -> Self:
        return self.filter(kind__in=Decision.TAKING_OUT)

    def putting_back(self) -> Self:
        return self.exclude(kind__in=Decision.TAKING_OUT)


class Decision(models.Model):
    """What somebody on the staff did with signatures, or asked a second person for (petitions/moderation.py).

    A removal is public, with its reason, number and date; who decided is not.
    """

    class Kind(models.TextChoices):
        REMOVE = "remove", _("take them out")
        QUARANTINE = "quarantine", _("set them aside for review")
        RESTORE = "restore", _("put back what people took out")
        RELEASE = "release", _("release what a machine set aside")

    class Reason(models.TextChoices):
        AUTOMATED = "automated", _("made by a machine")
        DUPLICATE = "duplicate", _("the same person more than once")
        IMPOSTOR = "impostor", _("in the name of somebody else")
        ABUSE = "abuse", _("abusive")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("called back")
        EXPIRED = "expired", _("expired")

    TAKING_OUT = (Kind.REMOVE, Kind.QUARANTINE)
    WAITS = timedelta(days=7)

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    # As asked for while it waits, as carried out afterwards; how many of these were put back since; how many stood when asked.
    number = models.PositiveIntegerField(_("signatures"))
    restored = models.PositiveIntegerField(_("put back since"), default=0)
    stood = models.PositiveIntegerField(_("stood then"), default=0)
    # {"ticked": whether one by one, "filters": {...}}: how the signatures were chosen in the list.
    choice = models.JSONField(default=dict)
    signatures: models.ManyToManyField[Any, Any] = models.ManyToManyField("Signature", related_name="decisions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    outcome = models.CharField(_("state"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    # Nobody for what one person may do alone, and for what has expired.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("why not"), max_length=200, blank=True)

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
        return f"{self.number}: {self.get_reason_display() or self.get_kind_display()}"

    @property
    def takes_out(self) -> bool:
        return self.kind in self.TAKING_OUT

    @property
    def is_waiting(self) -> bool:
        return self.outcome == self.Outcome.WAITING and timezone.now() < self.expires_at

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + self.WAITS

    @property
    def state(self) -> str:
        """The outcome in words; what has expired is called so before the task has said it."""
        over = self.outcome == self.Outcome.WAITING and not self.is_waiting
        return str(self.Outcome.EXPIRED.label) if over else self.get_outcome_display()


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def of(self, address: str) -> Self:
        """Those of this mailbox, under whichever key and rule they are."""
        return self.filter(mailboxes.look_up(address))

    def past_retention(self, now: datetime) -> Self:
        return self.filter(_retention_over(now))


class Verdict(models.Model):
    """A person took out a signature that its mailbox had confirmed: that stands for this address and petition, whichever of its
    links is confirmed next, and outlives an erasure until retention ends. Putting the signature back ends it."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="verdicts")
    address_hash = models.BinaryField(max_length=32)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
    review = models.CharField(max_length=12, choices=Review)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="verdicts")

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "address_hash"], name="one_verdict_per_address"),
            models.CheckConstraint(condition=Q(review__in=["quarantined", "removed"]), name="verdict_takes_out"),
        ]
        indexes = [models.Index(fields=["address_hash"], name="verdict_by_address")]

    def __str__(self) -> str:
        return f"Verdict {self.pk}"


class Reveal(models.Model):
    """Somebody on the staff has looked at who signed: which row, and why; never what stood there (petitions/reveal.py)."""

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


class Suppression(models.Model):
    """An address that wants no mail of ours. Only its hash is known, under the key of its version."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
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
    hash_rule = models.SmallIntegerField(db_default=1)
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
    # By which rule the address was hashed (core/privacy/addresses.py). 1: by a release that knew no other; one may still run beside us.
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


class LinkRequestQuerySet(LetterQuerySet["LinkRequest"]):
    pass


class LinkRequest(Letter):
    """Somebody asked for the link to their own page. Every request is one row, whether the address ever signed or not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = EncryptedTextField()
    language = models.CharField(max_length=12, default=settings.LANGUAGE_CODE)
    asked_at = models.DateTimeField(default=timezone.now)
    address_hash = models.BinaryField(max_length=32, null=True)
    hash_rule = models.SmallIntegerField(db_default=1)

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
        return self.mailed_at is None or self.mailed_at < timezone.now() - OWN_PAGE_LIVES or went_astray(self)


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
