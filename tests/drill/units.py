"""Runs the units of deploy/systemd as they stand, where no systemd runs: what they start, and how they begin it again."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INSTALLED = {"/opt/outcry/.venv/bin": f"{sys.prefix}/bin"}


def lines(path: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return dict(pairs)


def environment_of(path: Path) -> dict[str, str]:
    """What it sets itself; its EnvironmentFile comes after that."""
    said = [
        line.removeprefix("Environment=") for line in path.read_text().splitlines() if line.startswith("Environment=")
    ]
    return dict(word.split("=", 1) for line in said for word in line.split())


def command(name: str, places: dict[str, str] | None = None) -> list[str]:
    """What this unit starts, from this checkout; `places`: other folders of an installation, and what stands for them."""
    words = shlex.split(lines(ROOT / "deploy/systemd" / f"{name}.service")["ExecStart"])
    for there, here in {**INSTALLED, **(places or {})}.items():
        words = [word.replace(there, here) for word in words]
    return words


class Service:
    """Runs a command again whenever it ends, after `pause` seconds. `whole`: nothing of the one that ended is left running."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        log: Path,
        pause: float = 1,
        whole: bool = True,
    ) -> None:
        self.name, self.command, self.log, self.pause, self.whole = name, command, log, pause, whole
        self.starts, self.process = 0, None
        self.mark = f"OUTCRY_UNIT={name}-{os.getpid()}-{id(self)}"
        self.environment = {**os.environ, **environment, **dict([self.mark.split("=", 1)])}
        self.is_ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Unit:
        self.thread.start()
        return self

    def _run(self) -> None:
        while not self.is_ending.is_set():
            with self.log.open("ab") as output:
                self.process = subprocess.Popen(
                    self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
                )  # fmt: skip
            self.starts += 1
            self.process.wait()
            if self.whole:
                self._kill_what_is_left()
            self.is_ending.wait(self.pause)

    def members(self) -> list[int]:
        """All processes of this service, as its control group would list them."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                        found.append(int(folder.name))
                except OSError:
                    continue
        return sorted(found)

    def kill(self) -> None:
        """For good: it is not begun again."""
        self.is_ending.set()
        if self.process:
            kill(self.process.pid)
        self._kill_what_is_left()

    def _kill_what_is_left(self) -> None:
        for pid in self.members():
            kill(pid)

    def stop(self, seconds: float = 75) -> None:
        self.is_ending.set()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                kill(self.process.pid)
        self.thread.join(10)
        self._kill_what_is_left()


class Unit(Service):
    """One of deploy/systemd: `Restart=always` after `RestartSec`. `within`: a command that runs its command."""

    def __init__(self, name: str, environment: dict[str, str], log: Path, within: tuple[str, ...] = ()) -> None:
        path = ROOT / "deploy/systemd" / f"{name}.service"
        said = lines(path)
        assert said["Restart"] == "always"
        # An installation has its modules compiled, whatever a developer prefers.
        environment = {"PYTHONDONTWRITEBYTECODE": "", **environment_of(path), **environment}
        super().__init__(name, [*within, *command(name)], environment, log, float(said["RestartSec"]))


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def family(pid: int) -> list[int]:
    """This process and all below it."""
    return [pid, *(below for child in children(pid) for below in family(child))]


def memory(pids: list[int]) -> float:
    """Megabytes: what they have for themselves, and their part of what they share (PSS)."""
    kilobytes = 0
    for pid in pids:
        with suppress(OSError):
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def wait_for(reached, seconds: float, what: str, pause: float = 0.05) -> float:
    """How many seconds it took. Raises AssertionError. `pause`: seconds between two looks."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds} s"
        time.sleep(pause)
    return time.monotonic() - began
