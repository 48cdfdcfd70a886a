"""Post ids that carry their time: milliseconds since X's own epoch in the high bits, a sequence in the low 22 bits."""

from datetime import UTC, datetime, timedelta

EPOCH_MS = 1288834974657
SEQUENCE_BITS = 22
UNIX = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def first_id(moment: datetime) -> int:
    """The lowest id a post of that millisecond can have; never negative."""
    milliseconds = (moment - UNIX) // MILLISECOND
    return max(0, milliseconds - EPOCH_MS) << SEQUENCE_BITS


def moment_of(post_id: int) -> datetime:
    """The millisecond (UTC) in which the post with this id was made."""
    return UNIX + milliseconds_of(post_id) * MILLISECOND


def milliseconds_of(post_id: int) -> int:
    """The same, as a number since 1970."""
    return (post_id >> SEQUENCE_BITS) + EPOCH_MS
