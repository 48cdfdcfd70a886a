"""The public pages of campaigns, one module for each step of a visitor."""

from campaigns.views.acting import act, go, link
from campaigns.views.data import Pages, count, petition
from campaigns.views.downloads import countries_csv, figures_csv, signatures_csv, tweets_csv
from campaigns.views.embedding import embed, oembed
from campaigns.views.following import calendar, feed
from campaigns.views.pledging import confirm_pledge, pledge, pledged, unpledge
from campaigns.views.press import press, press_early, press_image, press_image_early
from campaigns.views.publishing import countries_svg, report, shared_image, snapshot, snapshot_json, snapshot_keys
from campaigns.views.reading import campaign, home, progress, progress_json, recap, updates, wall
from campaigns.views.signing import check_mail, sign

__all__ = [
    "Pages", "act", "calendar", "campaign", "check_mail", "confirm_pledge", "count", "countries_csv", "countries_svg", "embed",
    "feed", "figures_csv", "go", "home", "link", "oembed", "petition", "pledge", "pledged", "press", "press_early",
    "press_image", "press_image_early", "progress", "progress_json", "recap", "report", "shared_image", "sign",
    "signatures_csv", "snapshot", "snapshot_json", "snapshot_keys", "tweets_csv", "unpledge", "updates", "wall",
]  # fmt: skip
