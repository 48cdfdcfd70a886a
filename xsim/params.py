"""Query parameters, read with the checks X makes on each."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from xsim.problems import invalid
from xsim.query import Query, parse
from xsim.terms import QueryError

QUERY_LENGTH = 512
ARCHIVE_QUERY_LENGTH = 1024
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_ID = re.compile(r"[0-9]{1,19}")


class Params:
    """A missing parameter reads as None or the default; a wrong one raises the 400 problem."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def check_names(self, known: Collection[str]) -> None:
        for name, value in self._given.items():
            if name not in known:
                names = ",".join(sorted(known))
                raise invalid(name, value, f"The query parameter [{name}] is not one of [{names}]")

    def get(self, name: str) -> str | None:
        return self._given.get(name)

    def required(self, name: str) -> str:
        value = self._given.get(name)
        if not value:
            raise invalid(name, value or "", f"The `{name}` query parameter can not be empty")
        return value

    def query(self, length: int) -> Query:
        """At most `length` characters long."""
        text = self.required("query")
        if len(text) > length:
            raise invalid("query", text, f"The `query` is too long: {len(text)} of {length} characters")
        try:
            return parse(text)
        except QueryError as error:
            raise invalid("query", text, f"The `query` can not be processed: {error}") from error

    def integer(self, name: str, low: int, high: int, default: int) -> int:
        value = self._given.get(name, str(default))
        if not value.isdecimal() or not low <= int(value) <= high:
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not between {low} and {high}")
        return int(value)

    def choice(self, name: str, options: Collection[str], default: str) -> str:
        return self._one_of(name, self._given.get(name, default), options)

    def items(self, name: str, options: Collection[str]) -> list[str]:
        value = self._given.get(name)
        return [] if value is None else [self._one_of(name, item, options) for item in value.split(",")]

    def ids(self, name: str, limit: int) -> list[str]:
        """1 to `limit` comma-separated ids, without repetitions."""
        found = list(dict.fromkeys(self.required(name).split(",")))
        if len(found) > limit:
            raise invalid(name, found[-1], f"The number of values in `{name}` [{len(found)}] is above {limit}")
        for item in found:
            check_id(name, item)
        return found

    def id(self, name: str) -> int | None:
        value = self._given.get(name)
        return None if value is None else int(check_id(name, value))

    def moment(self, name: str) -> datetime | None:
        value = self._given.get(name)
        if value is None:
            return None
        if not _MOMENT.fullmatch(value):
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not a RFC 3339 date-time")
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError as error:
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is no date") from error

    def exclusive(self, first: str, second: str) -> None:
        if first in self._given and second in self._given:
            raise invalid(first, self._given[first], f"Invalid use of '{first}' in conjunction with '{second}'")

    def _one_of(self, name: str, value: str, options: Collection[str]) -> str:
        if value not in options:
            names = ",".join(sorted(options))
            raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not one of [{names}]")
        return value


def check_id(name: str, value: str) -> str:
    if not _ID.fullmatch(value):
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return value
