"""What the calls would have cost. Posts and users are paid once per UTC day, requests every time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

PRICES = {"counts/recent": Decimal("0.005"), "post": Decimal("0.005"), "user": Decimal("0.010")}


class Ledger:
    """Amounts are US dollars."""

    def __init__(self, prices: Mapping[str, Decimal] | None = None) -> None:
        self.prices = {**PRICES, **(prices or {})}
        self.units: dict[str, int] = defaultdict(int)
        self._paid: set[tuple[date, str, str]] = set()

    def charge_request(self, kind: str) -> None:
        self.units[kind] += 1

    def charge_reads(self, kind: str, ids: Iterable[str], now: datetime) -> None:
        """`kind` is post or user."""
        fresh = {(now.date(), kind, item) for item in ids} - self._paid
        self._paid |= fresh
        self.units[kind] += len(fresh)

    def amounts(self) -> dict[str, Decimal]:
        return {kind: self.prices[kind] * count for kind, count in self.units.items()}

    def total(self) -> Decimal:
        return sum(self.amounts().values(), Decimal(0))
