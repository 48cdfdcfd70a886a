"""System checks of what is watched."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register("environment")
def requests_can_be_counted(**kwargs: Any) -> list[CheckMessage]:
    if settings.METRICS_DIR or not settings.METRICS_TOKEN:
        return []
    hint = "Set it to a folder of its own that is empty after a restart of the machine: /run/outcry/metrics"
    reason = "METRICS_DIR is not set: /metrics has no requests and no tasks, since processes count into files there."
    return [Warning(reason, hint=hint, id="outcry.METRICS_DIR")]
