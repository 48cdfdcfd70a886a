"""`make drill-hosts` leaves nothing, even after kill -9; and says in one line where it can't run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.drill.units import ROOT, wait_for
from tests.hosts import network, sweep

# What a drill makes, in small: a network, a host with a process, a file system in memory.
SMALL = """
import fcntl, subprocess, time
from tests.hosts import network, sweep
lock = (sweep.HOME / "lock").open("w")
fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
sweep.guard(lock.fileno())
network.build()
network.add("data1", "198.18.0.11")
subprocess.Popen([*network.within("data1"), "sleep", "600"], start_new_session=True)
(sweep.FOLDER / "state").mkdir(parents=True)
subprocess.run(["mount", "-t", "tmpfs", "outcry-hosts", sweep.FOLDER / "state"], check=True)
print("built", flush=True)
time.sleep(600)
"""


def why_not() -> str:
    if os.geteuid() or not shutil.which("ip"):
        return "needs root and iproute2"
    if not network.may_build():
        return "this root may not make network namespaces"
    return ""


@pytest.fixture
def lock():
    """Of whoever drills on this machine."""
    if reason := why_not():
        pytest.skip(reason)
    sweep.HOME.mkdir(exist_ok=True)
    with (sweep.HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pytest.skip("a drill of several hosts runs on this machine")
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield lock


def is_free(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def test_a_drill_that_is_killed_leaves_nothing(lock):
    drill = subprocess.Popen([sys.executable, "-c", SMALL], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert drill.stdout.readline() == b"built\n"
        assert set(network.namespaces()) == {"oc-net", "oc-data1"}
        (left,) = network.pids("oc-data1")
    finally:
        drill.kill()
        drill.wait()
        drill.stdout.close()
    wait_for(lambda: is_free(lock), 30, "the sweep")
    assert network.namespaces() == []
    assert str(sweep.FOLDER) not in Path("/proc/mounts").read_text()
    assert not sweep.FOLDER.exists()
    # One that has ended and that nobody asked for has no command any more.
    with suppress(FileNotFoundError):
        assert not Path(f"/proc/{left}/cmdline").read_bytes()


def test_root_without_the_right_to_make_namespaces_is_told_so(lock):
    poor = ["setpriv", "--bounding-set=-sys_admin,-net_admin", "--inh-caps=-sys_admin,-net_admin", "--"]
    done = subprocess.run([*poor, sys.executable, "-m", "tests.hosts"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.splitlines() == [
        "make drill-hosts needs the right to make network namespaces and bridges; this root hasn't got it."
    ]
