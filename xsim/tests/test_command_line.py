"""python -m xsim"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xsim.tests.helpers import getter, ids

TREE = Path(__file__).parents[2]


def start(*extra: str) -> subprocess.Popen[str]:
    epoch = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    basics = ["--port", "0", "--mention", "@handle #Tag", "--target", "handle", "--target-id", "123", "--epoch", epoch]
    command = [sys.executable, "-m", "xsim", *basics, *extra]
    return subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    running = start("--bearer", "cli", "--query", "#Tag @handle -is:retweet")
    yield running
    running.kill()
    running.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_demo_silently_until_a_signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    assert process.stdout
    line = process.stdout.readline()
    get = getter(line.split()[-1], "cli")
    assert len(ids(get("/2/tweets/search/recent", query="#tag"))) == 10
    assert len(ids(get("/2/users/123/tweets"))) == 1
    assert get("/2/users/by/username/demo_visitor").json()["data"]["name"] == "Demo Visitor"
    process.send_signal(number)
    rest, errors = process.communicate(timeout=5)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_it_refuses_a_query_that_its_posts_would_not_match() -> None:
    _, errors = (process := start("--query", "#Other")).communicate(timeout=5)
    assert process.returncode == 2
    assert "do not match" in errors
