"""A backup into an empty database: all of it in one transaction, closed from the moment at which anybody can see it.

The sealed file is read as a stream: age -> pg_restore, which writes SQL -> psql. COMMIT is sent last of all, once everything before
has ended well; whatever fails, or dies, leaves the database as empty as it was.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from operations.recovery import sealing, tools
from operations.recovery.dumping import Header, checksum_of

RELATIONS = """
SELECT count(*) FROM pg_class AS relation JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace
WHERE schema.nspname !~ '^pg_' AND schema.nspname <> 'information_schema'
"""
CLOSE = 'INSERT INTO "{schema}".core_closed (since) VALUES (now());\nCOMMIT;\n'
LONGEST_HEADER = 10_000_000


class CantRestore(Exception):
    """Why not; nothing was changed."""


def load(path: Path, using: list[Any]) -> Header:
    """Raises CantRestore, SealError, ToolError, OSError: the database is empty then."""
    refuse_a_database_in_use()
    _check_sum(path)
    pg_restore, psql = tools.program("pg_restore"), tools.program("psql")
    with path.open("rb") as sealed, tempfile.TemporaryFile() as errors:
        pipe = _Pipe(pg_restore, psql, errors)
        try:
            sealing.unseal(sealed, pipe, using)
            pipe.commit()
        except BrokenPipeError as error:
            raise tools.ToolError(f"PostgreSQL did not take it: {tools.said(errors)}") from error
        finally:
            pipe.end()
    assert pipe.header
    return pipe.header


def refuse_a_database_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        if cursor.fetchone()[0]:
            raise CantRestore("This database is not empty. Make another one, and set DATABASE_URL to it.")


def _check_sum(path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        said = checksum_of(path).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise CantRestore(f"{checksum_of(path).name} is not beside it: was the file copied whole?") from error
    if found != said:
        raise CantRestore(f"{path.name} is not what was written: its checksum differs.")


def _read_header(line: bytes) -> Header:
    try:
        header = Header(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise CantRestore("This is no backup of ours.") from error
    unknown = set(header.migrations) - {".".join(key) for key in MigrationLoader(None).disk_migrations or ()}
    if unknown:
        raise CantRestore(f"It was made by a newer release, which knew {sorted(unknown)[0]}: install that one.")
    return header


class _Pipe:
    """Takes what was unsealed: the header's line for us, all that follows for pg_restore, whose SQL goes to psql."""

    def __init__(self, pg_restore: str, psql: str, errors: IO[bytes]) -> None:
        self.header: Header | None = None
        self._first, self._errors = b"", errors
        quiet = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
        self._psql = tools.start(
            [psql, *quiet, tools.database()], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
        )
        self._restore = tools.start(
            [pg_restore, "--no-owner", "--no-privileges", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        self._copying = Thread(target=self._copy, daemon=True)

    def write(self, content: bytes) -> int:
        if self.header:
            _in(self._restore).write(content)
            return len(content)
        self._first += content
        line, ends, rest = self._first.partition(b"\n")
        if not ends and len(line) > LONGEST_HEADER:
            raise CantRestore("This is no backup of ours.")
        if ends:
            self.header, self._first = _read_header(line), b""
            self._copying.start()
            _in(self._restore).write(rest)
        return len(content)

    def flush(self) -> None:
        """pg_restore has it when it is closed."""

    def _copy(self) -> None:
        """Ends early when psql has: then pg_restore must not wait for anybody to read."""
        assert self._restore.stdout
        try:
            _in(self._psql).write(b"BEGIN;\n")
            while content := self._restore.stdout.read(1 << 16):
                _in(self._psql).write(content)
        except (OSError, ValueError):  # the second when it was closed meanwhile
            self._restore.kill()

    def commit(self) -> None:
        """Raises ToolError when one of the two has failed: then nothing is committed."""
        if not self.header:
            raise CantRestore("This is no backup of ours.")
        _in(self._restore).close()
        self._copying.join()
        if self._restore.wait():
            raise tools.ToolError(f"pg_restore failed: {tools.said(self._errors)}")
        _in(self._psql).write(CLOSE.format(schema=self.header.schema.replace('"', '""')).encode())
        _in(self._psql).close()
        if self._psql.wait():
            raise tools.ToolError(f"psql failed: {tools.said(self._errors)}")

    def end(self) -> None:
        for process in (self._restore, self._psql):
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    if stream:
                        stream.close()


def _in(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin
    return process.stdin
