"""The site's own settings, and faults that quote all that they can get hold of: tests/safety/test_faults.py."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OF_THE_SITE
from config.settings import MIDDLEWARE as ITS_OWN

INSTALLED_APPS = [*OF_THE_SITE, "tests.faults"]
MIDDLEWARE = [*ITS_OWN, "tests.faults.middleware.quote_everything"]
# Hashed names need a collectstatic run.
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
