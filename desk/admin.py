"""Registers the pages on which staff run a campaign."""

from desk import campaign, demands, press_kit, recap, timeline

__all__ = ["campaign", "demands", "press_kit", "recap", "timeline"]
