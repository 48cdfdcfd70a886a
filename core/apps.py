from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, keys  # noqa: F401  (checks register themselves)

        post_migrate.connect(keys.write_proof, sender=self)
