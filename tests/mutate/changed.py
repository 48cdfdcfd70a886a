"""Which mutations could end otherwise than in the last full run: those whose files differ from the commit that it noted.

The files of a mutation are the one that it changes, the one its test is in, and what that test file leans on: the conftest.py files above
it, and every module below a folder `tests` that these import, directly or not. Its own table in mutations.toml counts too. What
no test imports and all tests need (EVERYBODYS) counts for all. Where the commit is not known, as in a shallow clone, all are tried.
"""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path, PurePosixPath

from tests.mutate import DATA, Mutation, homes, read

EVERYBODYS = {
    "tests/settings.py",
    "tests/mutate/__init__.py",
    "tests/mutate/__main__.py",
    "tests/mutate/bench.py",
    "tests/mutate/changed.py",
}


def select(root: Path, mutations: list[Mutation], commit: str) -> list[Mutation]:
    """Those of the mutations that are to be tried again: first those that are new, or whose own file or test differs. Raises
    LookupError when the repository doesn't know the commit."""
    differ = differing(root, commit)
    before, written = noted(root, commit), homes(root, mutations)
    own = [m for m in mutations if m not in before or m.file in differ or written[m.test] in differ]
    touched = {file: differ & (leans_on(root, file) | EVERYBODYS) for file in set(written.values())}
    return own + [m for m in mutations if m not in own and touched[written[m.test]]]


def differing(root: Path, commit: str) -> set[str]:
    """The paths that differ between the commit and the files as they lie here, new and deleted ones included."""
    if _git(root, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise LookupError(f"commit {commit} is not in this clone")
    names = [
        _git(root, "diff", "--name-only", "--no-renames", commit),
        _git(root, "ls-files", "--others", "--exclude-standard"),
    ]
    return {name for text in names for name in (text or "").splitlines()}


def noted(root: Path, commit: str) -> set[Mutation]:
    """The mutations as the commit had them; none when it had no such file."""
    return set(read(_git(root, "show", f"{commit}:{DATA}") or ""))


def leans_on(root: Path, test_file: str) -> set[str]:
    """The test file itself, the conftest.py files above it, and the modules below `tests` that these import."""
    above = [str(folder / "conftest.py") for folder in PurePosixPath(test_file).parents]
    found: set[str] = set()
    waiting = [test_file, *(name for name in above if (root / name).is_file())]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imported(root, name)
    return found


def imported(root: Path, name: str) -> list[str]:
    """The files below a folder `tests` that this one imports, anywhere in it."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse((root / name).read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = _absolute(name, node)
            modules |= {start, *(f"{start}.{alias.name}" for alias in node.names)}
    paths = [module.replace(".", "/") for module in modules if "tests" in module.split(".")]
    return [file for path in paths for file in (f"{path}.py", f"{path}/__init__.py") if (root / file).is_file()]


def _absolute(name: str, node: ast.ImportFrom) -> str:
    """The module that is meant by `from . import x` in the file of this name."""
    package = PurePosixPath(name).parts[: -node.level] if node.level else ()
    return ".".join([*package, *([node.module] if node.module else [])])


def _git(root: Path, *words: str) -> str | None:
    """What git answers; None when it refuses."""
    result = subprocess.run(["git", "-c", "core.quotePath=false", *words], cwd=root, capture_output=True, text=True)
    return result.stdout if result.returncode == 0 else None
