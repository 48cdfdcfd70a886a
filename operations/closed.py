"""Until a restored site is opened (core/closing.py) nobody sees a page of it, and nothing of anybody's is begun."""

from __future__ import annotations

from collections.abc import Iterable

from core.web.wsgi import Application, Environ, StartResponse
from operations.unavailable import is_always_answered, unavailable
from operations.watching import readiness

# Seconds after which to come again.
AGAIN = 60


def closed(application: Application) -> Application:
    """The same WSGI application, with 503 and Retry-After while the site is closed."""

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not is_always_answered(environ) and readiness.is_closed():
            return unavailable(environ, start_response, "errors/closed.html", AGAIN)
        return application(environ, start_response)

    return front
