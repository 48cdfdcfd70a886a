from __future__ import annotations

from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandError

from petitions import rotation


class Command(BaseCommand):
    help = "Encrypt every value again with the newest of FIELD_KEYS. You can interrupt it and run it again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"{rotation.encrypt_anew()} changed")
        except redis.RedisError as error:
            raise CommandError(
                "Rows are done, but Valkey is away, and what it holds needs the old key. Run this again."
            ) from error
