"""Those who said beforehand that they will take part, and those who asked to be reminded or to hear the news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.networks import PLEDGED
from campaigns.models.campaign import Campaign, Status
from campaigns.models.timeline import KeyMoment, Update
from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import QueuedMail, QueuedMailQuerySet, due_index
from core.privacy.mailboxes import went_astray
from core.privacy.personal_data import keeps_address
from core.privacy.safety import POLICIES, SafetyLevel
from petitions.models import LINK_LIVES, ConsentText, Signature, links_are_spared


class Reminded(models.TextChoices):
    DAY = "day", _("a day before")
    HOUR = "hour", _("an hour before")
    START = "start", _("when it begins")


LEADS = {Reminded.DAY: timedelta(days=1), Reminded.HOUR: timedelta(hours=1), Reminded.START: timedelta(0)}


class PledgeQuerySet(QueuedMailQuerySet["Pledge"]):
    def standing(self) -> Self:
        return self.exclude(confirmed_at=None)

    def lapsed(self, now: datetime) -> Self:
        """Never confirmed, and their link has expired or was never to be sent."""
        never = Q(mailed_at=None, mail_due_at=None, pledged_at__lt=now - LINK_LIVES)
        uncertain = Q(mail_attempts__gte=QueuedMail.ATTEMPTS, mail_due_at__lt=now - LINK_LIVES)
        return self.filter(Q(mailed_at__lt=now - LINK_LIVES) | never | uncertain, confirmed_at=None)

    def past_retention(self, now: datetime) -> Self:
        """Of campaigns that closed longer ago than the safety level allows us to know who took part."""
        over = Q(
            campaign__petition=None,
            campaign__status__in=[Status.CLOSED, Status.ARCHIVED],
            pledged_at__lt=now - POLICIES[SafetyLevel.HIGH].kept_after_closing,
        )
        for level, policy in POLICIES.items():
            closed = now - policy.kept_after_closing
            over |= Q(campaign__safety=level, campaign__petition__closes_at__lt=closed)
        return self.filter(over)


@keeps_address
class Pledge(QueuedMail):
    """“I will take part”, with a mailbox behind it. As with signatures, every submission is a row of its own."""

    held_by = "campaign"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pledges")
    email = EncryptedTextField(_("e-mail"))
    address_hash = models.BinaryField(max_length=32)
    hash_version = models.SmallIntegerField()
    hash_rule = models.SmallIntegerField(db_default=1)
    language = models.CharField(max_length=12, default="en")
    network = models.CharField(_("where"), max_length=12, choices=PLEDGED, default="x")
    remind = models.CharField(_("remind me"), max_length=8, choices=Reminded, default=Reminded.DAY)
    pledged_at = models.DateTimeField(_("pledged"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, editable=False)

    objects = PledgeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address_hash"],
                name="one_pledge_per_address",
                condition=Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(network__in=[slug for slug, _name in PLEDGED]), name="pledge_network_is_known"
            ),
            models.CheckConstraint(condition=Q(remind__in=Reminded.values), name="pledge_reminder_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(consent_text__isnull=False),
                name="confirmed_pledge_has_consent",
            ),
        ]
        indexes = [due_index("pledge_mail_due"), models.Index(fields=["address_hash"], name="pledge_by_address")]

    def __str__(self) -> str:
        return f"Pledge {self.pk}"

    @property
    def petition_id(self) -> int | None:
        """The petition under which `petitions/caps.py` counts its mails."""
        return self.campaign.petition_id

    def told(self) -> dict[str, object]:
        """What is kept, for its owner to see and to take along."""
        return {
            "what": str(_("I will take part")),
            "campaign": self.campaign.headline,
            "email": self.email,
            "network": self.network,
            "remind": self.remind,
            "since": self.pledged_at.isoformat(timespec="seconds"),
            "confirmed": self.confirmed_at.isoformat(timespec="seconds") if self.confirmed_at else None,
        }

    @property
    def link_expired(self) -> bool:
        is_old = self.mailed_at is not None and self.mailed_at < timezone.now() - LINK_LIVES
        return (is_old and not links_are_spared(self.campaign)) or went_astray(self)


class ReminderQuerySet(QueuedMailQuerySet["Reminder"]):
    pass


class Reminder(QueuedMail):
    """One mail about one moment as it stands now: should the moment move, there will be another one for its new time."""

    held_by = "pledge__campaign"
    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="reminders")
    moment = models.ForeignKey(KeyMoment, models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "moment", "starts_at"], name="one_reminder_per_moment")
        ]
        indexes = [due_index("reminder_mail_due")]

    def __str__(self) -> str:
        return f"Reminder {self.pk}"


class UpdateMailQuerySet(QueuedMailQuerySet["UpdateMail"]):
    pass


class UpdateMail(QueuedMail):
    """One update to one signer; of those who stand, a mailbox has one for each petition."""

    held_by = "update__campaign"
    update = models.ForeignKey(Update, models.CASCADE, related_name="mails")
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+")

    objects = UpdateMailQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "signature"], name="one_mail_per_update_and_signer")]
        indexes = [due_index("updatemail_mail_due")]

    def __str__(self) -> str:
        return f"Update mail {self.pk}"
