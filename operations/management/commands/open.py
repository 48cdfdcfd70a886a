from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core import closing


class Command(BaseCommand):
    help = "Open a site that was restored: pages answer, mails go out, X is asked again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("It is open." if closing.open_again() else "It was open already.")
