"""What answers requests: Django, behind what spares it most of them; and what a web process does beside answering.

It may be built once, before the processes of a web server part (operations/management/commands/web.py). Threads don't survive that,
so they are begun in each.
"""

from __future__ import annotations

from functools import cache
from threading import Thread

from django.core.wsgi import get_wsgi_application

from core.drawing import pdf
from core.postgres import patience
from core.postgres.base import DatabaseWrapper
from core.web.cookieless import shorter_way
from core.web.kept_pages import KeptPages
from core.web.wsgi import Application
from operations import machines, startup
from operations.closed import closed
from operations.shedding import shed
from operations.watching import readiness, timing


@cache
def build() -> Application:
    """The WSGI application. Ends the process where its environment is wrong."""
    application = shed(closed(KeptPages(shorter_way(get_wsgi_application()), timing.told)))
    # Whoever waits for a standby holds a thread, and visitors wait for those.
    DatabaseWrapper.patience = patience.of_a_web_process()
    startup.check()
    return application


def begin() -> Application:
    """The same application, for a process that is about to answer."""
    application = build()
    readiness.begin()
    # Later: whoever comes first is served first.
    machines.begin(after=10)
    # Asked now, or a visitor would wait for the answer; beside, or all visitors would.
    Thread(target=pdf.find_out, name="look for Pango", daemon=True).start()
    return application
