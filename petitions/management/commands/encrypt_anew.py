from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from petitions import rotation


class Command(BaseCommand):
    help = "Encrypt every value again with the newest of FIELD_KEYS. You can interrupt it and run it again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotation.encrypt_anew()} changed")
