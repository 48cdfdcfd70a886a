"""`make mutate`: is every safety test able to fail? Applies the mutations of docs/safety.md one by one and expects red.

Each row of its tables names a requirement, its tests, and one line to change: `file`: `old` → `new`. The change is made in a
scratch copy, and the first of the row's tests runs there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from engines import Engines

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| ([SAF]\d+) \|.*?\| `(test_\w+)`.*\| `([^`]+)`: `([^`]+)` → `([^`]*)` \|$", re.MULTILINE)


@dataclass(frozen=True)
class Mutation:
    requirement: str
    test: str
    file: str
    old: str
    new: str


def mutations() -> list[Mutation]:
    return [Mutation(*found) for found in ROW.findall((ROOT / "docs/safety.md").read_text())]


def scratch(folder: Path) -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def run(folder: Path, test: str, environment: dict[str, str]) -> tuple[int, str]:
    file = next(path for path in folder.rglob("test_*.py") if f"def {test}(" in path.read_text())
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "--reuse-db",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        str(file),
        "-k",
        test,
    ]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout.strip().split("\n")[-1]


def main() -> int:
    wanted = [mutation for mutation in mutations() if not sys.argv[1:] or mutation.requirement in sys.argv[1:]]
    folder = Path(tempfile.mkdtemp(prefix="outcry-mutate-"))
    engines = Engines(ROOT / "var", f"mutate-{os.getpid()}", fsync=False)
    survived = 0
    try:
        scratch(folder)
        environment = {**os.environ, **engines.start(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        for mutation in wanted:
            path, began = folder / mutation.file, time.monotonic()
            text = path.read_text()
            old, new = (part.replace("\\n", "\n") for part in (mutation.old, mutation.new))
            if old not in text:
                verdict = "NO SUCH LINE"
            else:
                path.write_text(text.replace(old, new, 1))
                code, last = run(folder, mutation.test, environment)
                path.write_text(text)
                verdict = "red" if code == 1 else f"SURVIVED ({last})"
            survived += verdict != "red"
            print(
                f"{mutation.requirement:4} {verdict:9} {time.monotonic() - began:5.1f} s  {mutation.test}", flush=True
            )
    finally:
        engines.stop()
        engines.postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(wanted) - survived} passed, {survived} failed")
    return 1 if survived or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
