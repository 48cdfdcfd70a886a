from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns import recovering, switching  # noqa: F401  (the first one registers itself)
        from campaigns.models import Campaign
        from core import owners, switches

        for owned in ("petition", "tweet_action"):
            owners.register(Campaign, owned)
        switches.register(switching.states)
