"""Who logs in: staff, by e-mail and a second factor; and supporters who linked their X account, without an address."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from core.crypto.ids import uuid7
from core.models import QueuedMail, QueuedMailQuerySet, due_index


class User(AbstractUser):
    """`email` is null for supporters: we do not keep an address that we do not need."""

    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(condition=Q(is_staff=True) | Q(is_superuser=False), name="superusers_are_staff"),
            models.CheckConstraint(
                condition=Q(is_staff=False) | (Q(email__isnull=False) & ~Q(email="")), name="staff_have_an_address"
            ),
        ]


class ResetRequest(QueuedMail):
    """Somebody typed an address to get a new password; whether an account has it is looked up by the worker, out of sight."""

    email = EncryptedTextField(editable=False)
    asked_at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, editable=False, related_name="reset_requests")

    class Meta:
        indexes = [due_index("reset_due")]

    def __str__(self) -> str:
        return f"Reset request {self.pk}"


class Guesses(models.Model):
    """How often somebody tried to get in at one door of late: `door` is a keyed hash of an account or of a device (guessing.py)."""

    door = models.BinaryField(max_length=32, unique=True)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "guesses"

    def __str__(self) -> str:
        return f"Guesses {self.pk}"


class UsedCode(models.Model):
    """A half minute whose code from the authenticator app was taken: it is taken once."""

    user = models.ForeignKey(User, models.CASCADE)
    time_step = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "time_step"], name="code_works_once")]

    def __str__(self) -> str:
        return f"Time step {self.time_step} of account {self.user_id}"


class Device(models.Model):
    """A browser in which a staff account logged in with its second factor; it holds the signed id in a cookie (devices.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    # What a session is bound to as well: another password, and the device is a stranger again.
    password_mark = models.CharField(max_length=64)
    logged_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Device {self.pk}"


class StaffSessionQuerySet(models.QuerySet["StaffSession"]):
    def standing(self) -> Self:
        """Those that still open the admin."""
        return self.filter(session__expire_date__gt=timezone.now())

    def over(self) -> Self:
        return self.exclude(pk__in=self.model.objects.standing().values("pk"))


class StaffSession(models.Model):
    """A login of somebody on the staff, as far as its owner must know it again: without IP address or browser (sessions.py)."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        TABLET = "tablet", _("tablet")
        COMPUTER = "computer", _("computer")
        OTHER = "other", _("something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No constraint of Django's: a release that doesn't know this table ends sessions and deletes accounts too.
    session = models.OneToOneField("sessions.Session", models.CASCADE, db_constraint=False, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, db_constraint=False, related_name="staff_sessions", verbose_name=_("who")
    )
    device = models.CharField(_("device"), max_length=8, choices=Kind)
    began_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("session"), _("sessions")
        ordering = ["-seen_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(device__in=["phone", "tablet", "computer", "other"]), name="session_device_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_device_display()}: {self.user}"


class InvitationQuerySet(QueuedMailQuerySet["Invitation"]):
    def unanswered(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> Self:
        """Their link works."""
        return self.unanswered().filter(expires_at__gt=timezone.now())


class Invitation(QueuedMail):
    """The way into the staff: one mail with one link, for one use. Sent again, it is a new one, and the old link is dead."""

    LIVES = timedelta(days=7)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"))
    roles = models.ManyToManyField(Group, verbose_name=_("roles"), blank=True)
    administrator = models.BooleanField(
        _("administrator"), default=False, help_text=_("Can do everything, and invite others.")
    )
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    user = models.OneToOneField(User, models.CASCADE, null=True, editable=False, verbose_name=_("account"))

    objects = InvitationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(accepted_at=None, revoked_at=None), name="one_unanswered_invitation"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, user=None) | Q(accepted_at__isnull=False, user__isnull=False),
                name="accepted_by_an_account",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="accepted_or_revoked_not_both"
            ),
        ]
        indexes = [due_index("invitation_due")]

    def __str__(self) -> str:
        return self.email
