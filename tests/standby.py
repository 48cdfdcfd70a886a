"""Two PostgreSQLs of our own: a primary and a standby that streams from it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from engines import Postgres


@contextmanager
def streaming(folder: Path, *first: str) -> Iterator[tuple[Postgres, Postgres]]:
    """`first`: statements at the primary, before the standby is made."""
    primary, standby = Postgres(folder, "primary", fsync=False), Postgres(folder, "standby", fsync=False)
    url = primary.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in first:
                connection.execute(statement)
        home = primary.home()
        subprocess.run(
            [
                primary._binaries() / "pg_basebackup",
                "--pgdata",
                home / "standby-postgres",
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
                "--dbname",
                f"host={primary.socket} user=postgres",
            ],
            cwd=home,
            check=True,
            **primary.as_user,
        )
        standby.start()
        yield primary, standby
    finally:
        for each in (standby, primary):
            each.stop()
            each.remove()
