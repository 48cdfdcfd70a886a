"""Until a restored site is opened (core/closing.py) nobody sees a page of it, and nothing of anybody's is begun."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError, connection

from core import closing
from core.web.unavailable import HEALTH, Application, Environ, StartResponse, unavailable

# Seconds between two looks, and after which to come again.
LOOK, AGAIN = 1.0, 60


def closed(application: Application) -> Application:
    """The same WSGI application, with 503 and Retry-After while the site is closed."""
    door = _Door()

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in HEALTH and not path.startswith(settings.STATIC_URL) and door.is_closed(time.monotonic()):
            return unavailable(environ, start_response, "errors/closed.html", AGAIN)
        return application(environ, start_response)

    return front


class _Door:
    """What was seen at the last look."""

    def __init__(self) -> None:
        self.was_closed, self.look_at = False, 0.0

    def is_closed(self, now: float) -> bool:
        if now >= self.look_at:
            self.look_at = now + LOOK
            try:
                self.was_closed = closing.is_closed()
            except DatabaseError:
                # The page itself says what is wrong; this connection may be a dead one.
                connection.close()
        return self.was_closed
