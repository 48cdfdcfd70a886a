from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import observations
from operations.recovery import dumping, sealing, tools


class Command(BaseCommand):
    help = "Write a backup into a folder, sealed for BACKUP_RECIPIENTS, and remove those there that have expired."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="where backups are kept")
        parser.add_argument("--new-identity", action="store_true", help="only print an age identity and its recipient")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_identity"]:
            identity, recipient = sealing.new_identity()
            self.stdout.write(f"# Keep this away from the backups and from this machine (docs/keys.md).\n{identity}")
            self.stdout.write(f"# BACKUP_RECIPIENTS={recipient}")
            return
        if not options["folder"]:
            raise CommandError("Say into which folder: python manage.py backup /srv/backups")
        if not settings.BACKUP_RECIPIENTS:
            raise CommandError("BACKUP_RECIPIENTS is not set: `python manage.py backup --new-identity` makes one.")
        try:
            written = dumping.back_up(options["folder"])
        except (sealing.SealError, tools.ToolError, OSError) as error:
            raise CommandError(str(error)) from error
        observations.renew(observations.BACKED_UP)
        self.stdout.write(f"{written.path}: {written.size:,} bytes as of {written.header.taken_at}")
        for path in written.removed:
            self.stdout.write(f"{path.name} has expired and is gone")
