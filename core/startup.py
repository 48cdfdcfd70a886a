"""Every process refuses to start on a wrong environment, and says what to set."""

from __future__ import annotations

import sys

from django.core.checks import Tags, run_checks


def check() -> None:
    problems = run_checks(tags=["environment", Tags.database], databases=["default"])
    if serious := [problem for problem in problems if problem.is_serious()]:
        sys.exit("\n".join(f"{problem.msg} {problem.hint or ''}" for problem in serious))
