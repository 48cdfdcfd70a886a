"""From a backup to a site that only waits to be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from core.crypto import keys
from operations.recovery import steps
from operations.recovery.holding import hold_mails
from operations.recovery.loading import CantRestore, load
from operations.recovery.replaying import replay


@dataclass(frozen=True)
class Restored:
    """`replayed`: entries of the journal by verb; `held`: mails that wait for staff; `before`, `after`: the figures, as the backup
    had them and now; `faults`: what does not fit, a sentence each."""

    since: datetime
    replayed: Counter[str]
    unreadable: int
    held: int
    before: steps.Figures
    after: steps.Figures
    faults: list[str]


def restore(path: Path, using: list[Any], journal: Path | None, say: Callable[[str], object]) -> Restored:
    """Into an empty database, which is closed afterwards. Raises CantRestore, SealError, ToolError, OSError."""
    header = load(path, using)
    say("The data is there, and the site closed.")
    if wrong := keys.wrong_keys():
        raise CantRestore(
            f"{' and '.join(wrong)} do not fit this backup: set what fits, and begin with an empty database."
        )
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    differences = _differences(header.figures, steps.figures())
    return finish(datetime.fromisoformat(header.taken_at), journal, say, differences)


def finish(since: datetime, journal: Path | None, say: Callable[[str], object], faults: list[str]) -> Restored:
    """Make a closed site that was put back to `since`, by whichever means, ready to be opened."""
    before = steps.figures()
    replayed, unreadable = replay(journal, since) if journal else (Counter[str](), 0)
    say("What was taken back since is taken back again.")
    steps.catch_up()
    return Restored(since, replayed, unreadable, hold_mails(), before, steps.figures(), faults + steps.faults())


def _differences(told: steps.Figures, found: steps.Figures) -> list[str]:
    names = sorted(told.keys() | found.keys())
    return [
        f"{name}: {told.get(name, 0)} when the backup was made, {found.get(name, 0)} in what was restored."
        for name in names
        if told.get(name, 0) != found.get(name, 0)
    ]
