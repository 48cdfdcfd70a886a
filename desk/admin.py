"""Registers the pages on which staff run a campaign."""

from desk import campaign, press_kit, recap, timeline

__all__ = ["campaign", "history", "press_kit", "recap", "timeline"]
