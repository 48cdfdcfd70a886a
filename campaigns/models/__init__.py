"""The campaign, its story, and those who take part."""

from campaigns.models.campaign import Accent, Campaign, Demand, Outcome, Status, known_zone, plausible
from campaigns.models.story import KeyMoment, PressImage, PressKit, Recap, RecapPart, Response, Update
from campaigns.models.taking_part import LEADS, Network, Pledge, Reminded, Reminder, UpdateMail

__all__ = [
    "LEADS",
    "Accent",
    "Campaign",
    "Demand",
    "KeyMoment",
    "Network",
    "Outcome",
    "Pledge",
    "PressImage",
    "PressKit",
    "Recap",
    "RecapPart",
    "Reminded",
    "Reminder",
    "Response",
    "Status",
    "Update",
    "UpdateMail",
    "known_zone",
    "plausible",
]
