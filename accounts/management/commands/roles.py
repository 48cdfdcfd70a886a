from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import rights


class Command(BaseCommand):
    help = "Print docs/roles.md: who may do what in the admin."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(rights.page(), ending="")
