"""Programs that others wrote to measure with: wrk and pgbench; and what each of our processes took meanwhile."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import timeit
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from engines.postgres import wheel

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """`rate`: a second. `p50`, `p99` and `longest` are milliseconds. `errors`: answers that none should get. `cpu`: how many cores
    each kind of process took."""

    rate: float
    p50: float
    p99: float
    longest: float
    requests: int
    errors: int
    cpu: Mapping[str, float] = field(default_factory=dict)


class Part(NamedTuple):
    """Of a long run: a table that says what came of it, and how much of that should not be."""

    table: str
    errors: int


def wrk(script: str, url: str, host: str, connections: int, seconds: int, run: str = "0", **variables: str) -> Measured:
    """Asks `url` with benchmarks/scripts/<script>.lua as fast as it is answered. Raises RuntimeError when wrk fails."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout=10s",
        f"-sbenchmarks/scripts/{script}.lua",
        url,
        run,
        host,
    ]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True)
    lines = [line for line in ran.stdout.splitlines() if line.startswith("JSON ")]
    if not lines:
        raise RuntimeError(f"wrk failed: {ran.stdout}{ran.stderr}")
    said = json.loads(lines[0].removeprefix("JSON "))
    rate = said["requests"] / said["seconds"]
    return Measured(rate, said["p50"], said["p99"], said["max"], said["requests"], said["errors"])


def pgbench(database_url: str, script: str, clients: int, seconds: int) -> Measured:
    """Transactions of benchmarks/scripts/<script>.sql, prepared; of their times only the mean is known."""
    bin_folder, lib_folder = wheel() / "pginstall/bin", wheel() / "pginstall/lib"
    socket = database_url.rpartition("host=")[2]
    command = [
        str(bin_folder / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds),
        "-f", f"benchmarks/scripts/{script}.sql", "-h", socket, "-U", "postgres", "outcry",
    ]  # fmt: skip
    environment = {**os.environ, "LD_LIBRARY_PATH": str(lib_folder)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    rate = next(float(line.split()[2]) for line in ran.stdout.splitlines() if line.startswith("tps"))
    return Measured(rate, clients / rate * 1_000, 0, 0, int(rate * seconds), 0)


def interpreter() -> str:
    """Which Python this is, and how fast: one that was built without its optimizations takes nearly twice as long for everything."""

    class Example:
        def __init__(self, number: int) -> None:
            self.number = number

        def get(self) -> int:
            return self.number

    calls = 1_000_000
    took = min(timeit.repeat(lambda: Example(1).get(), number=calls, repeat=5))
    return f"Python {platform.python_version()}, which makes and asks {calls / took / 1e6:.1f} million objects a second"


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes have taken since they began, in user and system mode."""
    return sum(map(_cpu_seconds, pids))


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / TICKS
