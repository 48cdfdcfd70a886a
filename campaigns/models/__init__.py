"""The campaign, its story, and those who take part."""

from campaigns.models.campaign import Accent, Campaign, Demand, Outcome, Status, known_zone, plausible
from campaigns.models.published import Hourly, ShareImage, Snapshot
from campaigns.models.story import KeyMoment, PressImage, PressKit, Recap, RecapPart, Response, Update
from campaigns.models.taking_part import LEADS, Network, Pledge, Reminded, Reminder, UpdateMail
from campaigns.models.wording import (
    CampaignWording,
    DemandWording,
    KeyMomentWording,
    PressImageWording,
    PressKitWording,
    RecapPartWording,
    RecapWording,
    ResponseWording,
    UpdateWording,
)

__all__ = [
    "LEADS",
    "Accent",
    "Campaign",
    "CampaignWording",
    "Demand",
    "DemandWording",
    "Hourly",
    "KeyMoment",
    "KeyMomentWording",
    "Network",
    "Outcome",
    "Pledge",
    "PressImage",
    "PressImageWording",
    "PressKit",
    "PressKitWording",
    "Recap",
    "RecapPart",
    "RecapPartWording",
    "RecapWording",
    "Reminded",
    "Reminder",
    "Response",
    "ResponseWording",
    "ShareImage",
    "Snapshot",
    "Status",
    "Update",
    "UpdateMail",
    "UpdateWording",
    "known_zone",
    "plausible",
]
