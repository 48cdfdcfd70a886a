"""Petitions and tweet actions work in an installation without campaigns and all that is above them."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_petitions_and_tweet_actions_work_alone():
    """In a process of its own, since apps are installed once a process; with a database of its own, migrated there."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--noconftest",
        "--ds=tests.alone.settings",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    # It shares our engines, and is no worker of pytest-xdist.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        [*command, "tests/alone"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
