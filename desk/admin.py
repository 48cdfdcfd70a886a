"""Registers the pages on which staff run a campaign."""

from desk import afterwards, campaign, demands, mailing, press_kit, recap, timeline

__all__ = ["afterwards", "campaign", "demands", "mailing", "press_kit", "recap", "timeline"]
