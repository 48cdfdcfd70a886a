"""The mutations: for each row of docs/safety.md one line whose change must turn its first test red. `make mutate` tries them."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = "tests/mutate/mutations.toml"


@dataclass(frozen=True)
class Mutation:
    """In `file`, a path from the top of the repository, `old` becomes `new`; then `test` must fail."""

    requirement: str
    test: str
    file: str
    old: str
    new: str


def read(text: str) -> list[Mutation]:
    """The mutations of a data file's text. Raises TypeError when a table lacks a key or has one too many."""
    return [Mutation(test=test, **table) for test, table in tomllib.loads(text).items()]


def mutations() -> list[Mutation]:
    return read((ROOT / DATA).read_text())


def files(root: Path) -> list[str]:
    """Every file of the repository that git doesn't ignore, also those that are not added yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (root / name).is_file()]


def homes(root: Path, wanted: list[Mutation]) -> dict[str, str]:
    """Where the test of each mutation is written: {test: file}. Raises LookupError for one that is nowhere."""
    texts = {name: (root / name).read_text() for name in files(root) if Path(name).match("test_*.py")}
    return {mutation.test: home(mutation.test, texts) for mutation in wanted}


def home(test: str, texts: dict[str, str]) -> str:
    found = [name for name, text in texts.items() if f"def {test}(" in text]
    if len(found) != 1:
        raise LookupError(f"{test} is written in {len(found)} files: {DATA} wants one")
    return found[0]


def node(file: str, text: str, test: str) -> str:
    """What pytest calls a test of this file: `file::test`, or `file::Class::test`."""
    classes = [one for one in ast.parse(text).body if isinstance(one, ast.ClassDef)]
    found = [one.name for one in classes for own in one.body if isinstance(own, ast.FunctionDef) and own.name == test]
    return "::".join([file, *found, test])
