from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.crypto import ed25519


class Command(BaseCommand):
    help = "Print SNAPSHOT_KEYS as it should be set: the public keys that snapshots are signed with, and since when."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="make a new key first; it signs once you have set it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            ed25519.new()
        else:
            ed25519.current()
        self.stdout.write(f"SNAPSHOT_KEYS={ed25519.to_pin()}")
