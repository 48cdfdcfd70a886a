"""Which stretch of time, and so which ids, a request asks for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from xsim.clock import timestamp
from xsim.ids import first_id, moment_of
from xsim.params import Params
from xsim.problems import invalid, stale_since_id

REACH = timedelta(days=7)
ARCHIVE_BEGIN = datetime(2006, 3, 21, tzinfo=UTC)
ARCHIVE_SPAN = timedelta(days=30)
FRESHEST_END = timedelta(seconds=10)
DEFAULT_LAG = timedelta(seconds=30)
NAMES = frozenset({"start_time", "end_time", "since_id", "until_id"})


@dataclass(frozen=True)
class Window:
    """start <= time < end, and low <= id < high."""

    start: datetime
    end: datetime
    low: int
    high: int


def recent_window(params: Params, now: datetime) -> Window:
    """The window of search and counts: the last 7 days up to 30 s ago, unless narrowed."""
    start = params.moment("start_time")
    floor = (now - REACH).replace(microsecond=0)
    if start and start < floor:
        raise invalid("start_time", timestamp(start), f"'start_time' must be on or after {timestamp(floor)}")
    since = params.id("since_id")
    if since is not None and since < first_id(floor):
        raise stale_since_id(str(since), timestamp(floor), first_id(floor))
    _check_end(params, now)
    return _window(params, floor, (now - DEFAULT_LAG).replace(microsecond=0))


def archive_window(params: Params, now: datetime) -> Window:
    """The window of the counts of all time: the last 30 days before its end, which is 30 s ago, unless narrowed."""
    start = params.moment("start_time")
    if start and start < ARCHIVE_BEGIN:
        raise invalid("start_time", timestamp(start), f"'start_time' must be on or after {timestamp(ARCHIVE_BEGIN)}")
    _check_end(params, now)
    latest, until = (now - DEFAULT_LAG).replace(microsecond=0), params.id("until_id")
    end = params.moment("end_time") or (latest if until is None else min(latest, moment_of(until)))
    return _window(params, max(ARCHIVE_BEGIN, end - ARCHIVE_SPAN), latest)


def timeline_window(params: Params, now: datetime) -> Window:
    """The window of a user's timeline: everything up to now, unless narrowed."""
    _check_end(params, now)
    return _window(params, moment_of(0), now + timedelta(milliseconds=1))


def _check_end(params: Params, now: datetime) -> None:
    end = params.moment("end_time")
    if end and end > now - FRESHEST_END:
        raise invalid("end_time", timestamp(end), "'end_time' must be a minimum of 10 seconds prior to the request")


def _window(params: Params, earliest: datetime, latest: datetime) -> Window:
    params.exclusive("since_id", "start_time")
    params.exclusive("until_id", "end_time")
    since, until = params.id("since_id"), params.id("until_id")
    start, end = params.moment("start_time") or earliest, params.moment("end_time") or latest
    if start >= end:
        raise invalid("start_time", timestamp(start), f"'start_time' must be before {timestamp(end)}")
    return Window(
        start if since is None else moment_of(since),
        end if until is None else min(end, moment_of(until) + timedelta(milliseconds=1)),
        first_id(start) if since is None else since + 1,
        first_id(end) if until is None else min(until, first_id(end)),
    )
