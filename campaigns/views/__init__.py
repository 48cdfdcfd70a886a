"""The public pages of campaigns, one module for each step of a visitor."""

from campaigns.views.acting import act, go
from campaigns.views.reading import campaign, home, progress, progress_json, recap, updates
from campaigns.views.signing import check_mail, sign

__all__ = ["act", "campaign", "check_mail", "go", "home", "progress", "progress_json", "recap", "sign", "updates"]
