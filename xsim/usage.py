"""How many posts the project has read: its own bill, as far as X tells it."""

from datetime import UTC, date, datetime, time, timedelta

from xsim.access import only_the_app
from xsim.clock import timestamp
from xsim.context import Context
from xsim.ledger import utc_day
from xsim.problems import JsonObject

_DEFAULT_FIELDS = ("cap_reset_day", "project_cap", "project_id", "project_usage")
_FIELDS = frozenset({*_DEFAULT_FIELDS, "daily_client_app_usage", "daily_project_usage"})
USAGE_NAMES = frozenset({"days", "usage.fields"})
PROJECT_ID, CLIENT_APP_ID = 1001, 2002
RESET_DAY = 1


def usage_tweets(context: Context) -> JsonObject:
    """Numbers are text in the newer vocabulary. The call itself costs nothing."""
    only_the_app(context)
    days = context.params.integer("days", 1, 90, 7)
    shown = context.params.items("usage.fields", _FIELDS) or _DEFAULT_FIELDS
    number, per_day = context.vocabulary.number, _daily(context, days)
    values: JsonObject = {
        "cap_reset_day": RESET_DAY,
        "project_cap": number(context.ledger.cap),
        "project_id": str(PROJECT_ID),
        "project_usage": number(_this_month(context)),
        "daily_project_usage": {"project_id": number(PROJECT_ID), "usage": per_day},
        "daily_client_app_usage": [
            {"client_app_id": str(CLIENT_APP_ID), "usage": per_day, "usage_result_count": len(per_day)}
        ],
    }
    return {"data": {key: value for key, value in values.items() if key in shown}}


def _this_month(context: Context) -> int:
    today = utc_day(context.now)
    days = context.ledger.days
    return sum(days[day]["post"] for day in list(days) if today.replace(day=RESET_DAY) <= day <= today)


def _daily(context: Context, number_of_days: int) -> list[JsonObject]:
    """The last days up to today, oldest first; days without reads are 0."""
    today = utc_day(context.now)
    days = [today - timedelta(days=back) for back in reversed(range(number_of_days))]
    return [{"date": _midnight(day), "usage": context.vocabulary.number(_read(context, day))} for day in days]


def _read(context: Context, day: date) -> int:
    units = context.ledger.days.get(day)
    return units["post"] if units else 0


def _midnight(day: date) -> str:
    return timestamp(datetime.combine(day, time(), UTC))
