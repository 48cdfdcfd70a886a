from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import closing
from operations.recovery.replaying import replay
from operations.recovery.restoring import finish
from operations.recovery.steps import catch_up
from operations.recovery.telling import account, counts


class Command(BaseCommand):
    help = "Repeat what a journal knows and this database does not, if you find the journal after a restore. You can run it twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the journal is")
        parser.add_argument("since", type=_moment, help="the moment that the database went back to: 2026-11-26T03:00")
        parser.add_argument(
            "--restored",
            action="store_true",
            help="PostgreSQL's own tools have just put it back: close the site, hold mails, check that everything fits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["restored"]:
            self._finish(options["folder"], options["since"])
            return
        done, unreadable = replay(options["folder"], options["since"])
        catch_up()
        self.stdout.write(counts(done) or "Nothing to be done.")
        if unreadable:
            self.stdout.write(f"{unreadable} lines could not be read.")

    def _finish(self, folder: Path, since: datetime) -> None:
        closing.close()
        restored = finish(since, folder, self.stdout.write, [])
        self.stdout.write(account(restored))
        if restored.faults:
            raise CommandError("What is there does not fit. The site stays closed.\n" + "\n".join(restored.faults))


def _moment(text: str) -> datetime:
    """In UTC where it does not say."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
