"""The Twitter/X action: who is addressed, with which words, and what can be counted of it."""

from actions.models.action import TweetAction, TweetActionTranslation
from actions.models.cursor import Cursor
from actions.models.opening import OPENINGS_KEPT, Opening, OpeningTally, OpeningTallyByTarget
from actions.models.posts import CANDIDATES_KEPT, UNCHECKED_HIDDEN, LinkedPost, Tombstone, Tweet
from actions.models.samples import SamplePart, SampleTweet
from actions.models.targets import Target, TargetTranslation
from actions.models.tracking import (
    SETTLES,
    Charge,
    Contamination,
    Endpoint,
    Gap,
    PaidRead,
    Purpose,
    TrackingQuery,
    Volume,
)

__all__ = [
    "CANDIDATES_KEPT",
    "OPENINGS_KEPT",
    "SETTLES",
    "UNCHECKED_HIDDEN",
    "Charge",
    "Contamination",
    "Cursor",
    "Endpoint",
    "Gap",
    "LinkedPost",
    "Opening",
    "OpeningTally",
    "OpeningTallyByTarget",
    "PaidRead",
    "Purpose",
    "SamplePart",
    "SampleTweet",
    "Target",
    "TargetTranslation",
    "Tombstone",
    "TrackingQuery",
    "Tweet",
    "TweetAction",
    "TweetActionTranslation",
    "Volume",
]
