"""Who logs in: staff, by e-mail and a second factor; and supporters who linked their X account, without an address."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField
from core.models import Letter, due_index


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


class ResetRequest(Letter):
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

    def __str__(self) -> str:
        return f"Guesses {self.pk}"


class UsedCode(models.Model):
    """A half minute whose code from the authenticator app was taken: it is taken once."""

    user = models.ForeignKey(User, models.CASCADE)
    step = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="code_works_once")]

    def __str__(self) -> str:
        return f"Step {self.step} of account {self.user_id}"


class Device(models.Model):
    """A browser in which a staff account logged in with its second factor; it holds the signed id in a cookie (devices.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    # What a session is bound to as well: another password, and the device is a stranger again.
    password_mark = models.CharField(max_length=64)
    logged_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Device {self.pk}"
