"""Until a restored site is opened (core/closing.py) no visitor sees a page of it, and nothing of theirs is begun."""

from __future__ import annotations

from collections.abc import Iterable

from core.web.wsgi import Application, Environ, StartResponse
from operations.unavailable import is_always_answered, unavailable
from operations.watching import readiness

# Seconds after which to come again.
AGAIN = 60
# Where staff log in and look around. Visitors log in by X only, which would also ask X something.
FOR_STAFF, FOR_VISITORS = ("/admin/", "/accounts/"), "/accounts/twitter_oauth2/"


def closed(application: Application) -> Application:
    """The same WSGI application, with 503 and Retry-After for visitors while the site is closed."""

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not is_always_answered(environ) and not is_for_staff(environ) and readiness.is_closed():
            return unavailable(environ, start_response, "errors/closed.html", AGAIN)
        return application(environ, start_response)

    return front


def is_for_staff(environ: Environ) -> bool:
    path = f"{environ.get('PATH_INFO', '')}/"
    return path.startswith(FOR_STAFF) and not path.startswith(FOR_VISITORS)
