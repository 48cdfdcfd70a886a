"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from actions import length  # noqa: E402  (needs the applications to be loaded)
from core import startup  # noqa: E402  (needs the applications to be loaded)
from core.drawing import pdf  # noqa: E402  (needs the applications to be loaded)
from core.web.shedding import shed  # noqa: E402  (needs the applications to be loaded)

application = shed(django)
startup.check()
# Asked now, or the first visitor would wait for the answer.
pdf.available()
length.weighted_length("")
