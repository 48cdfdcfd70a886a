from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from petitions import rotation


class Command(BaseCommand):
    help = "Write every encrypted value under the newest of FIELD_KEYS. May be interrupted and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotation.encrypt_anew()} changed")
