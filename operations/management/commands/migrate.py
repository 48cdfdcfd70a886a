"""Django's `migrate`, one at a time however many machines begin it, which gives up soon where it would make the site wait."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

from core.locks import one_at_a_time

# Seconds. Whoever comes after a migration that waits for a lock waits too: signing would stand for as long.
PATIENCE = 5
# Seconds between two looks whether another one has ended. To wait in PostgreSQL would hold up an index that the other one builds.
LOOK = 0.5


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout", type=int, default=PATIENCE, metavar="SECONDS",
            help=f"gives up when a table is not free within so many seconds ({PATIENCE}; 0: never)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        is_told = False
        while True:
            with one_at_a_time("migrate") as ours:
                if ours:
                    self.migrate(*args, **options)
                    return
            if not is_told:
                self.stderr.write("Another migrate is at work: this one waits until it has ended.")
            is_told = True
            time.sleep(LOOK)

    def migrate(self, *args: Any, **options: Any) -> None:
        connection, seconds = connections[options["database"]], options["lock_timeout"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(
                f"A table was not free within {seconds} s: a backup, a report or another migration holds it. The migration that "
                "waited has changed nothing, and those before it stand. Run `migrate` again when it has ended."
            ) from error
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
