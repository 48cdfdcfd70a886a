"""How many hostile requests, and from which seed."""

import os
import random

REQUESTS = int(os.environ.get("HOSTILE_REQUESTS") or 20_000)
SEED = int(os.environ.get("HOSTILE_SEED") or random.SystemRandom().randrange(10**6))


def pytest_report_header():
    return f"hostile: {REQUESTS} requests; again: make hostile HOSTILE_REQUESTS={REQUESTS} HOSTILE_SEED={SEED}"
