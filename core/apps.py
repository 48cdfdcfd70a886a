from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, conditions  # noqa: F401  (they register themselves)
        from core.crypto import keys
        from core.mail import watching  # noqa: F401  (registers what it reads)
        from core.recovery import checks as recovery  # noqa: F401
        from core.watching import checks as of_watching  # noqa: F401  (as above)

        if settings.SENTRY_DSN:
            # Loaded only then: it takes 4 MB of each process.
            from core import error_reports

            error_reports.start()
        post_migrate.connect(keys.write_proof, sender=self)
