"""Whether the site runs as it should, and who is told when it does not: administrators, once when it begins and once when it is over.

Every app registers what may be wrong with its own part (`<app>/conditions.py`). What looks like sabotage is no incident
(petitions/alerts.py), and nothing here knows a person: a telling names the condition, the machine and the times.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import observations
from core.models import StaffMail
from operations.known_conditions import Condition, known
from operations.models import AlertPost, Incident

log = logging.getLogger(__name__)
# It is over when it did not hold for so long; what nobody could look at any more is over too; how long it is kept then.
QUIET, UNSEEN, KEPT = timedelta(minutes=5), timedelta(days=1), timedelta(days=90)
# Looks come once a minute: after so long without one, nobody looks.
SILENT = timedelta(minutes=5)


def look_at_all(conditions: Iterable[Condition] | None = None) -> None:
    """One that can't be looked at keeps nobody from looking at the others, and begins and ends nothing."""
    for each in known() if conditions is None else conditions:
        try:
            holds = each.look()
        except Exception:
            log.exception("can't look whether this holds: %s", each.name)
            continue
        _settle(each, holds, timezone.now())
    for gone in Incident.objects.open().filter(held_at__lt=timezone.now() - UNSEEN):
        _end(gone, timezone.now())
    Incident.objects.filter(over_at__lt=timezone.now() - KEPT).delete()
    observations.renew(observations.LOOKED)


def is_silent(now: datetime | None = None) -> bool:
    """Whether nobody has looked for long: no worker, or no clock that gives it turns. Ask this where pages are served."""
    looked = observations.since(observations.LOOKED)
    return looked is not None and (now or timezone.now()) - looked > SILENT


def _settle(condition: Condition, holds: bool, now: datetime) -> None:
    current = Incident.objects.open().filter(name=condition.name, machine=condition.where()).first()
    if holds:
        current = current or Incident.objects.create(name=condition.name, machine=condition.where(), began_at=now)
        _go_on(current, condition, now)
    elif current and now - current.held_at >= QUIET:
        _end(current, now)


def _go_on(incident: Incident, condition: Condition, now: datetime) -> None:
    """What is told is told in the commit that says so: not twice, and not never."""
    with transaction.atomic():
        incident.held_at = now
        if incident.told_at is None and now - incident.began_at >= condition.patience:
            incident.told_at = now
            _tell(incident)
        incident.save()


def _end(incident: Incident, now: datetime) -> None:
    """Nobody hears the end of what they did not hear the beginning of."""
    if incident.told_at is None:
        incident.delete()
        return
    with transaction.atomic():
        incident.over_at = now
        incident.save()
        _tell(incident)


def _tell(incident: Incident) -> None:
    subject, text = words(incident)
    administrators = get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk")
    StaffMail.objects.bulk_create(
        StaffMail(to=address, subject=subject[:250], text=text, mail_due_at=timezone.now())
        for address in administrators.values_list("email", flat=True)
        if address
    )
    if settings.ALERT_WEBHOOK:
        AlertPost.objects.create(incident=incident, is_over=incident.over_at is not None)


def words(incident: Incident, is_over: bool | None = None) -> tuple[str, str]:
    """Subject and text, in the site's language, of its beginning or of its end."""
    is_over = incident.over_at is not None if is_over is None else is_over
    with translation.override(settings.LANGUAGE_CODE):
        what = ": ".join([_("Over"), str(incident)]) if is_over else str(incident)
        lines = [what, f"{incident.began_at:%Y-%m-%d %H:%M} UTC"]
        lines += [] if is_over else [incident.advice]
        return f"{settings.ORGANISATION}: {what}", "\n\n".join([*lines, link(incident)])


def link(incident: Incident) -> str:
    return settings.SITE_URL + reverse("admin:operations_incident_change", args=[incident.pk])
