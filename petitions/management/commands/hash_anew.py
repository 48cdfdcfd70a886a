from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from petitions import rotation


class Command(BaseCommand):
    help = "Write every look-up hash under the current key and the current rule for addresses. May be interrupted and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotation.hash_anew()} changed")
