"""The campaign, its story, and those who take part."""

from campaigns.models.campaign import Accent, Campaign, Status, known_zone, plausible
from campaigns.models.demands import Demand, Outcome
from campaigns.models.pledges import LEADS, Network, Pledge, Reminded, Reminder, UpdateMail
from campaigns.models.press_kit import PressImage, PressKit
from campaigns.models.recap import Recap, RecapPart
from campaigns.models.responses import Response
from campaigns.models.timeline import KeyMoment, Update
from campaigns.models.translations import (
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
    "Status",
    "Update",
    "UpdateMail",
    "UpdateWording",
    "known_zone",
    "plausible",
]
