from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns import names_for_targets, recovering  # noqa: F401  (these register themselves)
        from campaigns.models import Campaign
        from core import owners

        for owned in ("petition", "tweet_action"):
            owners.register(Campaign, owned)
