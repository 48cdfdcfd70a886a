from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.recovery.replaying import replay
from core.recovery.steps import catch_up


class Command(BaseCommand):
    help = "Do again what a journal knows and this database does not, when it is found after a restore. Twice does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("since", type=datetime.fromisoformat, help="when the backup was made: 2026-11-26T03:00")

    def handle(self, *args: Any, **options: Any) -> None:
        since: datetime = options["since"]
        done, unreadable = replay(options["folder"], since if since.tzinfo else since.replace(tzinfo=UTC))
        catch_up()
        self.stdout.write(
            ", ".join(f"{verb} {number}" for verb, number in sorted(done.items())) or "Nothing to be done."
        )
        if unreadable:
            self.stdout.write(f"{unreadable} lines could not be read.")
