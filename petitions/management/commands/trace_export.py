from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.exports import tracing
from petitions.models import Export


class Command(BaseCommand):
    help = "Say which export a leaked CSV or XLSX comes from, by the order of its lines. Above 0.9 it is that one; 0.5 is chance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        exports = Export.objects.select_related("petition", "asked_by").order_by("asked_at")
        for one in tracing.trace(tracing.read(options["file"]), list(exports)):
            asked = f"{one.export.asked_by}, {one.export.asked_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"{one.share:.2f} of {one.neighbours} pairs: {one.export}, asked for by {asked}")
