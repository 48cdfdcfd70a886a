from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "public"

    def ready(self) -> None:
        from public import mails  # noqa: F401  (says who writes which mail)
