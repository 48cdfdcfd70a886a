from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.recovery import sealing, tools
from operations.recovery.loading import CantRestore
from operations.recovery.restoring import restore
from operations.recovery.telling import account


class Command(BaseCommand):
    help = "Restore a backup into the empty database that DATABASE_URL names. The site stays closed until `manage.py open`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="outcry-….age, with its .sha256 in the same folder")
        parser.add_argument("--identity", type=Path, required=True, help="a file of age identities")
        parser.add_argument("--journal", type=Path, help="the folder of the journal; by default JOURNAL_PATH")
        parser.add_argument(
            "--without-journal", action="store_true", help="the journal is lost: what people took back comes back"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        journal = None if options["without_journal"] else self._journal(options["journal"])
        try:
            using = sealing.identities(options["identity"])
            restored = restore(options["file"], using, journal, self.stdout.write)
        except (CantRestore, sealing.SealError, tools.ToolError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(account(restored))
        if restored.faults:
            raise CommandError("What was restored does not fit. The site stays closed.\n" + "\n".join(restored.faults))

    def _journal(self, given: Path | None) -> Path:
        folder: Path | None = given or settings.JOURNAL_PATH
        if folder is None or not any(folder.glob("journal-*.jsonl")):
            raise CommandError(
                f"There is no journal in {folder or 'JOURNAL_PATH'}: what people took back would come back. "
                "Give its folder by --journal, or say --without-journal."
            )
        return folder
