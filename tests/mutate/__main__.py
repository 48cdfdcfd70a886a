"""`make mutate`: is every safety test able to fail? Makes the changes of mutations.toml one by one and expects red.

Each change is made in a scratch copy, and the test of its name runs there. `S17 A3` tries these requirements alone;
`--write-docs` tries nothing, and writes the column of docs/safety.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engines import Engines
from tests import mutate
from tests.mutate import ROOT, Mutation, page


def scratch(folder: Path) -> None:
    for name in mutate.files(ROOT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def run(folder: Path, node: str, environment: dict[str, str]) -> tuple[int, str]:
    flags = ["-q", "-x", "--reuse-db", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *flags, node]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout.strip().split("\n")[-1]


def try_all(wanted: list[Mutation]) -> int:
    homes = mutate.homes(ROOT, wanted)
    folder = Path(tempfile.mkdtemp(prefix="outcry-mutate-"))
    engines = Engines(ROOT / "var", f"mutate-{os.getpid()}", fsync=False)
    survived = 0
    try:
        scratch(folder)
        environment = {**os.environ, **engines.start(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        for mutation in wanted:
            path, began = folder / mutation.file, time.monotonic()
            text = path.read_text()
            if mutation.old not in text:
                verdict = "NO SUCH LINE"
            else:
                path.write_text(text.replace(mutation.old, mutation.new, 1))
                code, last = run(folder, f"{homes[mutation.test]}::{mutation.test}", environment)
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


def write_docs() -> int:
    path = ROOT / page.PAGE
    path.write_text(page.written(path.read_text(), mutate.mutations()))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("requirements", nargs="*", help="S17, A3, …: these alone")
    parser.add_argument("--write-docs", action="store_true", help="write the column of docs/safety.md, and try nothing")
    asked = parser.parse_args()
    if asked.write_docs:
        return write_docs()
    return try_all([m for m in mutate.mutations() if not asked.requirements or m.requirement in asked.requirements])


if __name__ == "__main__":
    sys.exit(main())
