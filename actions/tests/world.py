"""What the tests of tracking share: a simulated X with a few posts, and words for time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from actions.models import Endpoint, TrackingQuery
from tests import factories

COUNTS, SEARCH, LOOKUP = "/2/tweets/counts/recent", "/2/tweets/search/recent", "/2/tweets"
TIMELINE, USER = "/2/users/{id}/tweets", "/2/users/by/username/{username}"
TEXT = "Publish it .@xmpl_ministry #OpenTheRiverReport"
# (name, options) of every way in which an answer can fail as a whole, by what is known of its bill.
UNBILLED = [
    ("rate_limited", {"reset": "good"}),
    ("rate_limited", {"reset": "missing"}),
    ("rate_limited", {"reset": "malformed"}),
    ("rate_limited", {"reset": "past"}),
    ("usage_capped", {}),
    ("credits_depleted", {"spelling": "CreditsDepleted"}),
    ("credits_depleted", {"spelling": "credits-depleted"}),
    ("unauthorized", {}),
    ("forbidden", {}),
    ("html_500", {}),
    ("html_503", {}),
    ("json_list_5xx", {}),
    ("redirect", {}),
]
UNKNOWN = [
    ("stall", {"seconds": 2}),
    ("reset", {}),
    ("truncated_json", {"length": "cut"}),
    ("truncated_json", {"length": "full"}),
    ("empty_200", {}),
    ("null_data", {}),
    ("lost_answer", {}),
]


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


def make_action(simulator, settings, **fields):
    """An action that is tracked since five hours, with four posts at X, and due whenever it is asked."""
    settings.X_POSTS_PER_DAY, settings.X_POLL_SECONDS = 1_000, 1
    made = factories.tweet_action(is_tracking=True, **fields)
    TrackingQuery.objects.update(since=ago(hours=5))
    for index, minutes in enumerate((5, 65, 70, 200)):
        simulator.add_post(f"person{index}", f"{TEXT} {index}", at=ago(minutes=minutes))
    return made


def unblock():
    Endpoint.objects.update(blocked_until=None)
