"""Registers the pages on which staff run a campaign."""

from desk import campaign, demands, mailing, press_kit, recap, timeline

__all__ = ["campaign", "demands", "mailing", "press_kit", "recap", "timeline"]
