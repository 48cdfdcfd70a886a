from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns import (  # noqa: F401  (most register themselves)
            conditions,
            handing_over,
            names_for_targets,
            recovering,
            switching,
        )
        from campaigns.models import Campaign
        from core import owners, switches

        for owned in ("petition", "tweet_action"):
            owners.register(Campaign, owned)
        switches.register(switching.states)
