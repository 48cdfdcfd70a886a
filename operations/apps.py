from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from operations import checks, conditions  # noqa: F401  (they register themselves)
        from operations.recovery import checks as of_recovery  # noqa: F401  (as above)
        from operations.watching import backups, journals, mails, standbys  # noqa: F401  (they register what they read)
        from operations.watching import checks as of_watching  # noqa: F401  (as above)

        if settings.SENTRY_DSN:
            # Loaded only then: it takes 4 MB of each service.
            from operations import error_reports

            error_reports.start()
