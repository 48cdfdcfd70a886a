"""The Python files of this repository."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NOT_OURS = {"var", "staticfiles", "shots"}
# The apps; what says "in all of our code" goes through these.
ROOMS = {"public", "desk", "progress", "campaigns", "petitions", "actions", "accounts", "operations", "core"}


def sources(*patterns: str) -> Iterator[Path]:
    """Those that a pattern matches (all, without one); migrations, which are generated, are left out."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name not in NOT_OURS]
    for path in [*ROOT.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]:
        if "migrations" not in path.parts and (not patterns or any(path.match(pattern) for pattern in patterns)):
            yield path
