"""The campaign, its story, and those who take part."""

from campaigns.models.campaign import Accent, Campaign, Status, known_zone, plausible
from campaigns.models.deliveries import Delivery, NameForTarget, SealedPack
from campaigns.models.demands import Demand, Outcome, Reached
from campaigns.models.pictures import CampaignPicture, MomentPicture
from campaigns.models.pledges import LEADS, Pledge, Reminded, Reminder, UpdateMail
from campaigns.models.press_kit import PressImage, PressKit
from campaigns.models.recap import Recap, RecapEntry
from campaigns.models.responses import Response
from campaigns.models.sources import Source
from campaigns.models.switches import SwitchState
from campaigns.models.timeline import KeyMoment, Update
from campaigns.models.translations import (
    CampaignPictureTranslation,
    CampaignTranslation,
    DemandTranslation,
    KeyMomentTranslation,
    MomentPictureTranslation,
    PressImageTranslation,
    PressKitTranslation,
    RecapEntryTranslation,
    RecapTranslation,
    ResponseTranslation,
    UpdateTranslation,
)

__all__ = [
    "LEADS",
    "Accent",
    "Campaign",
    "CampaignPicture",
    "CampaignPictureTranslation",
    "CampaignTranslation",
    "Delivery",
    "Demand",
    "DemandTranslation",
    "KeyMoment",
    "KeyMomentTranslation",
    "MomentPicture",
    "MomentPictureTranslation",
    "NameForTarget",
    "Outcome",
    "Pledge",
    "PressImage",
    "PressImageTranslation",
    "PressKit",
    "PressKitTranslation",
    "Reached",
    "Recap",
    "RecapEntry",
    "RecapEntryTranslation",
    "RecapTranslation",
    "Reminded",
    "Reminder",
    "Response",
    "ResponseTranslation",
    "SealedPack",
    "Source",
    "Status",
    "SwitchState",
    "Update",
    "UpdateMail",
    "UpdateTranslation",
    "known_zone",
    "plausible",
]
