"""Something that looks like sabotage."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


class Alert(models.Model):
    """Something that looks like sabotage, for staff to look at."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("more from one country than is likely")
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
