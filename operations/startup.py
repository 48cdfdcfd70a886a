"""Every process refuses to start on a wrong environment, and says what to set."""

from __future__ import annotations

import sys

from django.core.checks import run_checks

# Of these a command may warn only, since one must first get there.
NEEDED = {"outcry.DATABASE_URL", "outcry.STATIC_ROOT"}


def check() -> None:
    problems = [each for each in run_checks(tags=["environment"]) if each.is_serious() or each.id in NEEDED]
    if problems:
        sys.exit("\n".join(f"{problem.msg} {problem.hint or ''}" for problem in problems))
