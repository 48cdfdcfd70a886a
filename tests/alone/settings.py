"""The settings under test of an installation that has petitions and tweet actions, and nothing above them."""

import os

from tests.settings import *  # noqa: F403

ABOVE = {"campaigns", "progress", "public", "desk"}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ABOVE]  # noqa: F405
ROOT_URLCONF = "tests.alone.urls"
# Whoever started this process has a database of its own at the same server.
DATABASES["default"]["TEST"] = {"NAME": f"test_alone_{os.getpid()}"}  # noqa: F405
# Links in the sidebar of the admin lead to campaigns too.
UNFOLD = UNFOLD | {"SIDEBAR": {}, "DASHBOARD_CALLBACK": None}  # noqa: F405
