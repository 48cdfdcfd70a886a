from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from petitions import rotation


class Command(BaseCommand):
    help = "Write every look-up hash again, with the current key and rule for addresses. You can interrupt it and run it again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotation.hash_anew()} changed")
