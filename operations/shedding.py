"""Under more load than the machine can bear: who has waited too long is told so at once, and nothing of theirs is begun.

The proxy notes when a request came (`X-Request-Start: t=<seconds since 1970>`, deploy/nginx.conf). A request whose client has
given up is not worked on either: it is as old by then.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from core.web.wsgi import Application, Environ, StartResponse
from operations.unavailable import hidden_fields, is_always_answered, unavailable
from operations.watching import counting, timing
from operations.watching.names import REQUESTS

# Seconds: a request begins within so many or not at all; when to come again; a longer wait is a clock that is wrong.
LATEST, AGAIN, BELIEVED = 2.0, 5, 600.0


def shed(application: Application) -> Application:
    """The same WSGI application, with 503 and Retry-After for requests that were waiting for more than LATEST seconds."""

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if LATEST < waited(environ, time.time()) < BELIEVED and not is_always_answered(environ):
            counting.count(REQUESTS, "busy", timing.method_of(environ.get("REQUEST_METHOD")), "503")
            return unavailable(environ, start_response, "errors/busy.html", AGAIN, hidden_fields(environ))
        return application(environ, start_response)

    return front


def waited(environ: Environ, now: float) -> float:
    """Seconds since the proxy took the request; 0 where no proxy says so."""
    try:
        return now - float(environ.get("HTTP_X_REQUEST_START", "").removeprefix("t="))
    except ValueError:
        return 0.0
