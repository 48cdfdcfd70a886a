"""The WSGI application."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from operations.watching import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
counting.join("web")
django = get_wsgi_application()

from core.drawing import pdf  # noqa: E402  (needs the applications to be loaded)
from core.postgres import patience  # noqa: E402  (needs the applications to be loaded)
from core.postgres.base import DatabaseWrapper  # noqa: E402  (needs the applications to be loaded)
from core.web.cookieless import shorter_way  # noqa: E402  (needs the applications to be loaded)
from core.web.kept_pages import KeptPages  # noqa: E402  (needs the applications to be loaded)
from operations import machines, startup  # noqa: E402  (needs the applications to be loaded)
from operations.closed import closed  # noqa: E402  (needs the applications to be loaded)
from operations.shedding import shed  # noqa: E402  (needs the applications to be loaded)
from operations.watching import readiness, timing  # noqa: E402  (needs the applications to be loaded)

application = shed(closed(KeptPages(shorter_way(django), timing.told)))
# Whoever waits for a standby holds a thread, and visitors wait for those.
DatabaseWrapper.patience = patience.of_a_web_process()
startup.check()
readiness.begin()
# Later: whoever comes first is served first.
machines.begin(after=10)
# Asked now, or a visitor would wait for the answer; beside, or all visitors would.
Thread(target=pdf.find_out, name="look for Pango", daemon=True).start()
