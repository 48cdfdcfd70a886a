"""Where a mutation is tried: a scratch copy of the repository, with a private PostgreSQL and Valkey of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from engines import Engines
from tests.mutate import ROOT, Mutation, files

# What takes longer to load than a test to run, and what no test of a mutation needs. `Bench.green` shows that they do without.
WITHOUT = ("randomly", "cacheprovider", "hypothesispytest", "playwright", "unraisableexception")
FLAGS = ["-q", "-x", "--reuse-db", *(word for name in WITHOUT for word in ("-p", f"no:{name}"))]
FAILED = 1  # pytest's exit code when tests ran and some failed; what could not be run at all has others


class Bench:
    """`with Bench("1") as bench`: benches of different names may be used side by side."""

    def __init__(self, name: str) -> None:
        self.engines = Engines(ROOT / "var", f"mutate-{os.getpid()}-{name}", fsync=False)
        self.folder = Path(tempfile.mkdtemp(prefix="outcry-mutate-"))
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Bench:
        for name in files(ROOT):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        self.environment = {**os.environ, **self.engines.start(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        return self

    def __exit__(self, *_error: object) -> None:
        self.engines.stop()
        self.engines.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def green(self, nodes: list[str]) -> str:
        """What pytest says when a test is red although nothing was changed; "" when all are green."""
        code, output = self._pytest(nodes)
        return output if code else ""

    def verdict(self, mutation: Mutation, node: str) -> str:
        """ "red" as it should be; otherwise what happened instead."""
        path = self.folder / mutation.file
        text = path.read_text()
        if text.count(mutation.old) != 1:
            return "NO SUCH LINE"
        path.write_text(text.replace(mutation.old, mutation.new))
        try:
            code, output = self._pytest([node])
        finally:
            path.write_text(text)
        return "red" if code == FAILED else f"SURVIVED ({output.strip().splitlines()[-1]})"

    def _pytest(self, nodes: list[str]) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", *FLAGS, *nodes]
        result = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        return result.returncode, result.stdout + result.stderr
