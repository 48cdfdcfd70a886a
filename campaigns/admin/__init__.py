"""The admin of campaigns: the campaign's own page, its parts, and the panel on top."""

from campaigns.admin import campaign, parts

__all__ = ["campaign", "parts"]
