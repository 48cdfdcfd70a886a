from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        from petitions import conditions, handing_over, recovering, watching  # noqa: F401  (they register themselves)
