"""A backup: one consistent dump, sealed while it is written, with its checksum beside it.

Inside the age file: one line of JSON (`Header`), then what `pg_dump --format=custom` writes. Nothing of it is on the disk in clear.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core.owners import levels_in_use
from core.privacy.safety import backups_kept
from operations.recovery import sealing, steps, tools
from operations.recovery.journal import sync_folder

NAME = re.compile(r"outcry-(\d{8}T\d{6}Z)\.age")
STAMP = "%Y%m%dT%H%M%SZ"
# Who is logged in is nobody's business but theirs; a session in a stolen backup would be a way in.
WITHOUT_ROWS = ("django_session",)


@dataclass(frozen=True)
class Header:
    """`figures`: what stood in public, read from the same snapshot as the dump; `schema`: where the tables are."""

    taken_at: str
    schema: str
    migrations: list[str]
    figures: steps.Figures
    format: int = 1


@dataclass(frozen=True)
class Written:
    path: Path
    size: int
    header: Header
    removed: list[Path]


def back_up(folder: Path) -> Written:
    """Write a backup into `folder` and remove those that have expired. Raises SealError, ToolError, OSError."""
    to = sealing.recipients(settings.BACKUP_RECIPIENTS)
    pg_dump = tools.program("pg_dump")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _snapshot() as (header, snapshot):
        taken_at = datetime.fromisoformat(header.taken_at).astimezone(UTC)
        path = folder / f"outcry-{taken_at:{STAMP}}.age"
        with _aside(path) as file, tempfile.TemporaryFile() as errors:
            _dump(pg_dump, snapshot, header, file, errors, to)
    return Written(path, path.stat().st_size, header, expire(folder, timezone.now()))


@contextmanager
def _snapshot() -> Iterator[tuple[Header, str]]:
    """What we read and what pg_dump reads is the database of one moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # We wait for pg_dump.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), now(), current_schema()")
        snapshot, now, schema = cursor.fetchone()
        migrations = sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
        yield Header(now.isoformat(), schema, migrations, steps.figures()), snapshot


class _Hashing:
    """A file that knows the SHA-256 of what was written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256 = file, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        return self.file.write(content)

    def flush(self) -> None:
        self.file.flush()


@contextmanager
def _aside(path: Path) -> Iterator[_Hashing]:
    """A file that has its name only once all of it, and its checksum, is on the disk."""
    unfinished = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            hashing = _Hashing(file)
            yield hashing
            file.flush()
            os.fsync(file.fileno())
        _write_checksum(path, hashing.sha256.hexdigest())
        unfinished.rename(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def checksum_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _write_checksum(path: Path, digest: str) -> None:
    """As `sha256sum --check` reads it."""
    with checksum_of(path).open("w") as file:
        file.write(f"{digest}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())


class _HeaderThen:
    """A stream to read from: the header's line, then what the program says."""

    def __init__(self, header: Header, output: IO[bytes]) -> None:
        self.first, self.output = json.dumps(asdict(header)).encode() + b"\n", output

    def read(self, size: int = -1) -> bytes:
        if self.first:
            content, self.first = (self.first, b"") if size < 0 else (self.first[:size], self.first[size:])
            return content
        return self.output.read(size)


def _dump(pg_dump: str, snapshot: str, header: Header, file: _Hashing, errors: IO[bytes], to: list[Any]) -> None:
    arguments = [pg_dump, "--format=custom", "--no-owner", "--no-privileges", "--no-password", tools.database()]
    arguments += ["--no-unlogged-table-data", f"--snapshot={snapshot}"]
    arguments += [f"--exclude-table-data={table}" for table in [*WITHOUT_ROWS, *steps.tables_left_out()]]
    process = tools.start(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout
    try:
        sealing.seal(_HeaderThen(header, process.stdout), file, to)
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
        process.wait()
    if process.returncode:
        raise tools.ToolError(f"pg_dump failed: {tools.said(errors)}")


def kept() -> timedelta:
    """How long a backup is kept: as the strictest of the safety levels in use wants it."""
    return backups_kept(levels_in_use())


def expire(folder: Path, now: datetime) -> list[Path]:
    """Remove the backups whose time is over, with their checksums, and what was never finished; which backups."""
    last = f"{(now - kept()).astimezone(UTC):{STAMP}}"
    old = [path for path in sorted(folder.iterdir()) if (found := NAME.fullmatch(path.name)) and found[1] < last]
    for path in old:
        path.unlink()
        checksum_of(path).unlink(missing_ok=True)
    for path in folder.glob("outcry-*.part"):
        if path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)
    return old
