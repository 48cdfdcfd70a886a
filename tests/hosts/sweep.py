"""Removes all that a drill of several hosts leaves: processes, namespaces, mounts, files. A process of its own does it, whatever
ended the drill, `kill -9` too: it waits for the end of its standard input, which the drill alone holds open."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.drill.units import ROOT
from tests.hosts import network

HOME = Path("/var/tmp/outcry-hosts")
FOLDER = HOME / "run"


def sweep() -> None:
    network.sweep()
    for line in Path("/proc/mounts").read_text().splitlines():
        if line.split()[1].startswith(f"{FOLDER}/"):
            subprocess.run(["umount", "--lazy", line.split()[1]], check=True)
    shutil.rmtree(FOLDER, ignore_errors=True)


def guard(lock: int) -> subprocess.Popen[bytes]:
    """`lock`: a file that is locked until it has swept too."""
    command = [sys.executable, "-m", "tests.hosts.sweep"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[lock], start_new_session=True)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    sweep()
