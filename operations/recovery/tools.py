"""PostgreSQL's own programs, told where the database is without a password in their arguments."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.db import connection
from psycopg.conninfo import make_conninfo

DEBIAN = Path("/usr/lib/postgresql")


class ToolError(Exception):
    """A program is missing or failed; the message is what to show, and names no value of a row."""


def program(name: str) -> str:
    """The first one that is as new as the server: on PATH, then where Debian keeps them by version. Raises ToolError."""
    connection.ensure_connection()
    wanted = connection.connection.info.server_version // 10_000
    for path in _candidates(name):
        if _major(path) >= wanted:
            return str(path)
    raise ToolError(f"{name} of PostgreSQL {wanted} or newer is not on PATH: install postgresql-client-{wanted}.")


def _candidates(name: str) -> Iterator[Path]:
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(3), reverse=True)
    yield from (folder / name for folder in folders if os.access(folder / name, os.X_OK))


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, check=False).stdout.decode(errors="replace")
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def start(arguments: list[str], **streams: Any) -> subprocess.Popen[bytes]:
    """Run one of them; `streams` as Popen takes them."""
    info = connection.connection.info
    where = {"PGPASSWORD": info.password} if info.password else {}
    return subprocess.Popen(arguments, env={**os.environ, **where}, **streams)


def database() -> str:
    """`--dbname` for them: what is set for us, and no default of our own libpq, which may be newer than theirs."""
    connection.ensure_connection()
    ours = connection.get_connection_params()
    known = connection.connection.info.get_parameters()
    return f"--dbname={make_conninfo(**{name: value for name, value in known.items() if name in ours})}"


def said(errors: IO[bytes]) -> str:
    """The first line of what a program has complained of."""
    errors.seek(0)
    lines = errors.read(4_000).decode(errors="replace").strip().splitlines()
    return lines[0] if lines else "it said nothing"
