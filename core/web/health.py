"""/healthz: this process answers. /readyz: the database answers too, and the site was opened since it was restored; the broker is
reported and never decides."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from core import closing


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> JsonResponse:
    database, broker = database_answers(), broker_answers()
    closed = database and closing.is_closed()
    status = "closed" if closed else "ok" if database else "down"
    body = {"status": status, "database": database, "broker": broker}
    return JsonResponse(body, status=200 if status == "ok" else 503, headers={"Cache-Control": "no-store"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
