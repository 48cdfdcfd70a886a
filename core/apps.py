from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.crypto import keys

        post_migrate.connect(keys.write_proof, sender=self)
