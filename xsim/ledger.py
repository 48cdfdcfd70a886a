"""What the calls would have cost. Posts and users are paid once per UTC day, requests every time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

PRICES = {
    "counts/recent": Decimal("0.005"),
    "counts/all": Decimal("0.010"),
    "post": Decimal("0.005"),
    "user": Decimal("0.010"),
}


class Ledger:
    """Amounts are US dollars, days are UTC days. `days` holds the units of each kind that each day added; `cap` is how
    many posts may be read in a month, of which the usage endpoint tells."""

    def __init__(self, prices: Mapping[str, Decimal] | None = None) -> None:
        self.prices = {**PRICES, **(prices or {})}
        self.cap = 2_000_000
        self.days: dict[date, Counter[str]] = defaultdict(Counter)
        self._paid: set[tuple[date, str, str]] = set()

    @property
    def units(self) -> Counter[str]:
        return sum(list(self.days.values()), Counter())

    def charge_request(self, kind: str, now: datetime) -> None:
        self.days[utc_day(now)][kind] += 1

    def charge_reads(self, kind: str, ids: Iterable[str], now: datetime) -> None:
        """`kind` is post or user."""
        day = utc_day(now)
        fresh = {(day, kind, item) for item in ids} - self._paid
        if fresh:
            self._paid |= fresh
            self.days[day][kind] += len(fresh)

    def paid(self, now: datetime) -> set[tuple[str, str]]:
        """(kind, id) of the posts and users that this day has paid for so far."""
        return {(kind, id_) for day, kind, id_ in self._paid if day == utc_day(now)}

    def take_back(self, kind: str, id_: str, now: datetime) -> None:
        """What this day owes for this post or user, if anything."""
        key = (utc_day(now), kind, id_)
        if key in self._paid:
            self._paid.remove(key)
            self.days[key[0]][kind] -= 1

    def amounts(self) -> dict[str, Decimal]:
        return self._priced(self.units)

    def per_day(self) -> dict[date, Decimal]:
        """The bill of each UTC day on which something was owed, oldest first."""
        bills = {day: sum(self._priced(units).values(), Decimal(0)) for day, units in sorted(self.days.items())}
        return {day: bill for day, bill in bills.items() if bill}

    def total(self) -> Decimal:
        return sum(self.amounts().values(), Decimal(0))

    def _priced(self, units: Mapping[str, int]) -> dict[str, Decimal]:
        return {kind: self.prices[kind] * count for kind, count in units.items()}


def utc_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
