"""Registers the pages on which staff run a campaign."""

from desk import afterwards, campaign, deliveries, demands, mailing, press_kit, recap, timeline

__all__ = ["afterwards", "campaign", "deliveries", "demands", "mailing", "press_kit", "recap", "timeline"]
