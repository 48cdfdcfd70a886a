"""Incidents for a chat or a pager: a POST to ALERT_WEBHOOK, tried again every minute for an hour. Twice when a process dies at it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from operations import incidents
from operations.models import AlertPost

log = logging.getLogger(__name__)
RETRY, ATTEMPTS = timedelta(minutes=1), 60
# A turn ends in time, however slow the other side: so many at once, with so many seconds to connect and to answer.
BATCH, TIMEOUT = 4, (3, 5)


def post_due() -> None:
    for row in AlertPost.objects.filter(due_at__lte=timezone.now()).select_related("incident").order_by("pk")[:BATCH]:
        row.due_at, row.attempts = timezone.now() + RETRY, row.attempts + 1
        row.save(update_fields=["due_at", "attempts"])
        if settings.ALERT_WEBHOOK and not _was_taken(row) and row.attempts < ATTEMPTS:
            continue
        row.delete()


def body(row: AlertPost) -> dict[str, object]:
    """`text` is what Slack, Mattermost and the like show."""
    subject, text = incidents.words(row.incident, row.is_over)
    return {
        "text": f"{subject}\n{incidents.link(row.incident)}",
        "incident": row.incident_id,
        "name": row.incident.name,
        "machine": row.incident.machine,
        "state": "over" if row.is_over else "began",
        "began_at": row.incident.began_at.isoformat(),
        "details": text,
        "link": incidents.link(row.incident),
    }


def _was_taken(row: AlertPost) -> bool:
    """Its URL is a secret, and an exception would quote it."""
    import requests

    try:
        answer = requests.post(settings.ALERT_WEBHOOK, json=body(row), timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        log.warning("the webhook for alerts: %s, try %d", type(error).__name__, row.attempts)
        return False
    if not answer.ok or answer.is_redirect:
        log.warning("the webhook for alerts answers %d, try %d", answer.status_code, row.attempts)
        return False
    return True
