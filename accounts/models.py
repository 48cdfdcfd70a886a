"""Who logs in: staff, by e-mail and a second factor; and supporters who linked their X account, without an address."""

from __future__ import annotations

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
