"""For machines that watch: /healthz, this process answers; /readyz, a signature would be taken now; /metrics, all that is measured.

How it stands in detail is told to those only who know METRICS_TOKEN.
"""

from __future__ import annotations

import hmac
import shutil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from operations.version import version
from operations.watching import readiness, valkey

NOT_KEPT = {"Cache-Control": "no-store"}


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"}, headers=NOT_KEPT)


def readyz(request: HttpRequest) -> JsonResponse:
    """Decided by what signing needs alone: without Valkey, workers or room on our own disk signatures are still taken."""
    problems = readiness.problems()
    body: dict[str, Any] = {"status": "down" if problems else "ok"}
    if knows_the_token(request):
        body |= {"version": version(), "problems": problems, **_surroundings()}
    response = JsonResponse(body, status=503 if problems else 200, headers=NOT_KEPT)
    # A change is logged when it is seen (operations/watching/readiness.py), not each time that somebody asks.
    vars(response)["_has_been_logged"] = True
    return response


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not knows_the_token(request):
        raise Http404
    # Loaded by those who are asked for it.
    from operations.watching import reading

    return HttpResponse(reading.text(), content_type=reading.CONTENT_TYPE, headers=NOT_KEPT)


def knows_the_token(request: HttpRequest) -> bool:
    """`Authorization: Bearer METRICS_TOKEN`, which must be set."""
    claimed = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(claimed, f"Bearer {settings.METRICS_TOKEN}".encode())


def _surroundings() -> dict[str, Any]:
    """`last_turns`: seconds since each periodic task was last done; empty when nobody knows. `disk_free`: bytes, of this machine."""
    seen = valkey.look()
    return {
        "valkey": "ok" if seen.is_up else "down",
        "waiting_tasks": seen.waiting,
        "last_turns": {name: round(age, 1) for name, age in sorted(seen.ages.items())},
        "disk_free": shutil.disk_usage(settings.BASE_DIR).free,
    }
