"""`make requirements`: compiles what we depend on, with hashes, and seals each result so that a test sees a stale one."""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION, TEST, DEV, PATRONI = (f"requirements/{name}" for name in ("production", "test", "dev", "patroni"))
# Each file, what it is compiled from, and the files whose versions it must share: what runs is chosen first.
COMPILED: dict[str, tuple[list[str], list[str]]] = {
    f"{PRODUCTION}.txt": ([f"{PRODUCTION}.in"], []),
    f"{TEST}.txt": ([f"{TEST}.in"], [f"{PRODUCTION}.txt"]),
    f"{DEV}.txt": ([f"{DEV}.in"], [f"{PRODUCTION}.txt", f"{TEST}.txt"]),
    f"{PATRONI}.txt": ([f"{PATRONI}.in"], [f"{PRODUCTION}.txt"]),
    "requirements.txt": ([f"{PRODUCTION}.in", f"{TEST}.in"], [f"{PRODUCTION}.txt", f"{TEST}.txt"]),
}
# No configuration and one index: a setting of one's own machine must not end up in what everybody installs.
UV = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--no-config", "--default-index", "https://pypi.org/simple"),
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-strip-extras"),
    *("--custom-compile-command", "make requirements", "--quiet"),
]
SEAL = "# Seal: "


def main() -> int | str:
    """The exit code, or what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="All else is passed on to uv: --upgrade-package django"
    )
    parser.add_argument("--check", action="store_true", help="only name what is stale")
    chosen, arguments = parser.parse_known_args()
    if chosen.check:
        return "\n".join(f"{name} is stale: make requirements" for name in stale(ROOT)) or 0
    return compile_all(arguments)


def compile_all(arguments: list[str]) -> int:
    """Writes every compiled file, keeping the versions that still fit. Returns uv's exit code; needs a network."""
    for name, (inputs, shared) in COMPILED.items():
        constraints = [part for file in shared for part in ("--constraints", file)]
        command = [*UV, *inputs, *constraints, "--output-file", name, *arguments]
        if code := subprocess.run(command, cwd=ROOT).returncode:
            return code
        with (ROOT / name).open("a") as file:
            file.write(f"{SEAL}{seal(ROOT, name)}\n")
    return 0


def stale(root: Path) -> list[str]:
    """The compiled files that differ from what `make requirements` wrote, or whose inputs have changed since."""
    return [name for name in COMPILED if f"{SEAL}{seal(root, name)}" not in lines(root / name)]


def seal(root: Path, name: str) -> str:
    """The SHA-256, in hex, of a compiled file without its seal, of its inputs without comments, and of what it shares."""
    inputs, shared = COMPILED[name]
    text = [line for line in lines(root / name) if not line.startswith(SEAL)]
    parts = [text, *(requirements(root / file) for file in inputs), *(lines(root / file) for file in shared)]
    return hashlib.sha256("\0".join("\n".join(part) for part in parts).encode()).hexdigest()


def requirements(file: Path) -> list[str]:
    """The lines of an input file that name a package."""
    stripped = (re.sub(r"(^|\s)#.*", "", line).strip() for line in lines(file))
    return [line for line in stripped if line]


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    sys.exit(main())
