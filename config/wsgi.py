"""The WSGI application, for a web server that loads it in each of its processes. `manage.py web` loads it once for all of them."""

import os

import django

from operations.watching import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
counting.join("web")
django.setup()

from operations import serving  # noqa: E402  (needs the applications to be loaded)

application = serving.begin()
