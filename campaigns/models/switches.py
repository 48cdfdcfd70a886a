"""How each switch (core/switches.py) was set last, for a campaign or for the whole site."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from core.switches import Switch


class SwitchState(models.Model):
    """Of a switch that nobody ever touched there is none: it is on. Without a campaign it is the site's."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="switches")
    switch = models.CharField(max_length=20, choices=Switch)
    is_off = models.BooleanField()
    since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        permissions = [("switch_site", _("Can switch things off for the whole site"))]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "switch"], name="one_state_of_a_switch", nulls_distinct=False),
            models.CheckConstraint(condition=Q(switch__in=Switch.values), name="switch_is_known"),
        ]

    def __str__(self) -> str:
        whole = _("the whole site")
        return f"{self.get_switch_display()}: {self.campaign or whole}"
