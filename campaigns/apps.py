from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns import handing_over, recovering  # noqa: F401  (they register themselves)
        from campaigns.models import Campaign
        from core import owners

        for owned in ("petition", "tweet_action"):
            owners.register(Campaign, owned)
