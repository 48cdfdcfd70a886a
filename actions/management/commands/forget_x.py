from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from actions.compliance import forget_x


class Command(BaseCommand):
    help = "Deletes everything that came from X: posts, authors, links, cursors. The numbers stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="really do it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            self.stdout.write("This deletes every collected post and every pasted link, for good. Say --yes to do it.")
            return
        for name, number in forget_x().items():
            self.stdout.write(f"{number} {name}")
        self.stdout.write("Responses that staff copied by hand stay: look at them in the admin.")
