"""Processes that are killed in every way, and what is there a moment later."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import os, pathlib, sys, time
from operations.supervisor import Supervisor

told = pathlib.Path(sys.argv[1])

def tell(name):
    with told.open("a") as file:
        file.write(f"{name} {os.getpid()}\\n")

def steady():
    tell("steady")
    if not os.fork():
        tell("grandchild")
    time.sleep(600)

def other():
    tell("other")
    time.sleep(600)

def slow():
    tell("slow")

def slowly_become(pid, group):
    tell("beginning")
    time.sleep(0.5)

if "slow" in sys.argv:
    os.setpgid = slowly_become

def hasty():
    tell("hasty")

def wrong():
    tell("wrong")
    sys.exit("This can't work.")

Supervisor({name: globals()[name] for name in sys.argv[2:]}).run()
"""


class Running:
    def __init__(self, folder, *names):
        self.told = folder / "told"
        self.errors = (folder / "errors").open("w+")
        self.process = subprocess.Popen([sys.executable, "-c", SCRIPT, self.told, *names], stderr=self.errors)

    def pids(self, name):
        lines = self.told.read_text().splitlines() if self.told.exists() else []
        return [int(line.split()[1]) for line in lines if line.startswith(f"{name} ")]

    def until(self, name, number, seconds=5.0):
        deadline = time.monotonic() + seconds
        while len(self.pids(name)) < number:
            assert time.monotonic() < deadline, self.told.read_text()
            time.sleep(0.02)
        return self.pids(name)[number - 1]


def gone(*pids, seconds=5.0):
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if lives(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)
    return True


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def run(tmp_path):
    started = []

    def start(*names):
        started.append(Running(tmp_path, *names))
        return started[-1]

    yield start
    for running in started:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(10)
        running.errors.close()


def test_who_is_killed_is_begun_again_and_the_others_stay(run):
    running = run("steady", "other")
    first, other = running.until("steady", 1), running.until("other", 1)
    os.kill(first, signal.SIGKILL)
    second = running.until("steady", 2)
    assert lives(second)
    assert lives(other)
    assert running.pids("other") == [other]


def test_what_a_killed_one_left_running_ends_with_it(run):
    running = run("steady")
    first, grandchild = running.until("steady", 1), running.until("grandchild", 1)
    os.kill(first, signal.SIGKILL)
    running.until("steady", 2)
    assert gone(grandchild)


def test_all_end_when_it_is_told_to(run):
    running = run("steady", "other")
    pids = running.until("steady", 1), running.until("other", 1), running.until("grandchild", 1)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(5) == 0
    assert gone(*pids)


def test_one_that_was_just_begun_ends_too(run):
    running = run("slow", "other")
    running.until("beginning", 2)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(5) == 0
    assert not running.pids("other")


def test_all_end_when_it_is_killed_itself(run):
    running = run("other")
    pid = running.until("other", 1)
    running.process.kill()
    assert gone(pid)


def test_one_that_ends_again_and_again_is_not_begun_without_a_pause(run):
    running = run("hasty", "other")
    running.until("hasty", 3, seconds=8)
    time.sleep(1)
    assert len(running.pids("hasty")) <= 4
    assert len(running.pids("other")) == 1


def test_why_it_ended_is_said(run):
    running = run("wrong")
    running.until("wrong", 2)
    running.errors.seek(0)
    said = running.errors.read()
    assert "This can't work." in said
    assert "wrong has ended (exit code 1): it begins again in 1 s" in said
