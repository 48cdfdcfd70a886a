"""`make nightly`: every stage there is, for one commit, and what came of it in docs/nightly.json.

`make nightly STAGES='mutate long'` runs some; what they said is kept in var/ until all stages were green at the same commit. Only
then is docs/nightly.json written, to be committed: it is always a full run, and its commit is what `make mutate ARGS=--changed`
compares with. A stage that was run again because it was red says so: `runs`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STAGES = (
    "lint",
    "test",
    "timing",
    "e2e",
    "mutate",
    "hostile",
    "long",
    "drill",
    "drill-restore",
    "drill-hosts",
    "shots",
)
UNCOUNTED = ("lint", "drill-restore")  # they print no number of tests
RECORD, UNFINISHED = "docs/nightly.json", "var/nightly.json"
# What would run less than everything.
NARROWING = (
    "MAKEFLAGS",
    "MFLAGS",
    "MAKEOVERRIDES",
    "ARGS",
    "STAGES",
    "PYTEST_ADDOPTS",
    "HOSTILE_REQUESTS",
    "HOSTILE_SEED",
    "DRILL",
    "SIGNATURES",
)

# All of its rows take longer than everything else.
SHORTER = {"drill-hosts": {"DRILL": "short"}}

Stage = Callable[[str], tuple[int, str]]


def last_full(root: Path) -> dict[str, Any]:
    """The record of the last full run, {} before the first: commit, date, python, cores, and stages with their seconds and counts."""
    path = root / RECORD
    return json.loads(path.read_text()) if path.is_file() else {}


def run(root: Path, stages: list[str], stage: Stage) -> bool:
    """Run the stages, red ones too, and keep what they say. True when all of them were green."""
    colours = []
    for name in stages:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        code, output = stage(name)
        # Other stages may have ended meanwhile, in another shell.
        record = unfinished(root)
        before = record["stages"].get(name, {"runs": 0})
        record["stages"][name] = {
            "green": code == 0,
            "seconds": round(time.monotonic() - began),
            **({} if name in UNCOUNTED else counts(output)),
            "runs": before["runs"] + 1,
        }
        record["date"] = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        write(root / UNFINISHED, record)
        colours.append(code == 0)
    return all(colours)


def finish(root: Path) -> str:
    """Write the record when every stage was green at this commit; what there is to say."""
    record = unfinished(root)
    lines = [line(name, record["stages"].get(name)) for name in STAGES]
    if not all(record["stages"].get(name, {}).get("green") for name in STAGES):
        return "\n".join([*lines, f"Not yet a full run of {record['commit'][:12]}: {RECORD} stays as it is."])
    write(root / RECORD, {**record, "stages": {name: record["stages"][name] for name in STAGES}})
    return "\n".join([*lines, f"A full run of {record['commit'][:12]}: commit {RECORD}."])


def unfinished(root: Path) -> dict[str, Any]:
    """What has been run so far at this commit on a machine like this one."""
    path, here = root / UNFINISHED, circumstances(root)
    known = json.loads(path.read_text()) if path.is_file() else {}
    return known if here.items() <= known.items() else {**here, "date": "", "stages": {}}


def circumstances(root: Path) -> dict[str, Any]:
    commit = git(root, "rev-parse", "HEAD").strip()
    return {"commit": commit, "python": platform.python_version(), "cores": os.cpu_count()}


def is_committed(root: Path) -> bool:
    """Is everything as the commit has it, but for the record itself? If not, says what isn't."""
    names = [entry[3:] for entry in git(root, "status", "--porcelain", "-z").split("\0")]
    names = [name for name in names if name and name != RECORD]
    if names:
        print(f"A full run is that of a commit; these are not committed: {', '.join(names[:5])}")
    return not names


def counts(output: str) -> dict[str, int]:
    """How many passed and failed, by the last line that says so: pytest's, or that of the mutations."""
    last = next((line for line in reversed(output.splitlines()) if re.search(r"\d+ (passed|failed|error)", line)), "")
    failed = sum(int(number) for number in re.findall(r"(\d+) (?:failed|error)", last))
    return {"passed": sum(int(number) for number in re.findall(r"(\d+) passed", last)), "failed": failed}


def line(name: str, stage: dict[str, Any] | None) -> str:
    if stage is None:
        return f"{name:13} not run"
    said = "".join(f"  {stage[key]} {key}" for key in ("passed", "failed") if key in stage)
    return f"{name:13} {'green' if stage['green'] else 'RED':5} {stage['seconds']:5} s{said}"


def write(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n")


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True).stdout


def make(name: str) -> tuple[int, str]:
    """`make name`, shown as it runs: (exit code, what it printed)."""
    environment = {key: value for key, value in os.environ.items() if key not in NARROWING}
    environment |= SHORTER.get(name, {})
    command = ["make", "--no-print-directory", name]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        printed = []
        for text in process.stdout:
            print(text, end="", flush=True)
            printed.append(text)
    return process.returncode, "".join(printed)


def main() -> int:
    stages = sys.argv[1:] or list(STAGES)
    if unknown := set(stages) - set(STAGES):
        print(f"No such stage: {' '.join(sorted(unknown))}. There are: {' '.join(STAGES)}.")
        return 2
    if not is_committed(ROOT):
        return 2
    green = run(ROOT, stages, make)
    if not is_committed(ROOT):
        return 2
    print(finish(ROOT))
    return 0 if green else 1


if __name__ == "__main__":
    sys.exit(main())
