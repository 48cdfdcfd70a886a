"""The WSGI application, which each process of a web server loads. With `manage.py web` most of it is loaded by then."""

import os

import django

from operations.watching import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
counting.join("web")
# Even where that was done before the fork: a web server sets up logs of its own meanwhile, which leave nothing out.
django.setup()

from operations import serving  # noqa: E402  (needs the applications to be loaded)

application = serving.begin()
