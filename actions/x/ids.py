"""A post's id tells when it was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH_MS = 1288834974657
# X remembers seven days; a little less, so that a question is not too old when it arrives.
LOOKS_BACK = timedelta(days=7) - timedelta(minutes=2)


def id_at(moment: datetime) -> int:
    """The smallest id that a post of this moment can have."""
    return (int(moment.timestamp() * 1000) - EPOCH_MS) << 22


def time_of(post_id: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(post_id >> 22) + EPOCH_MS)
