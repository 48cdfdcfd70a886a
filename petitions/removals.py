"""The public record of removals, and the public number of them: the number is the sum of the record, and never says anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from petitions.models import Decision, Petition


@dataclass(frozen=True)
class Removal:
    """`number`: how many signatures it took out so far; `restored`: how many of them are back; `ended_at`: None while it goes on.
    They are told in the steps that the safety level sets (0: fewer than one step)."""

    reason: str
    decided_at: datetime
    ended_at: datetime | None
    number: int
    restored: int
    rounding: int

    @property
    def why(self) -> str:
        return str(Decision.Reason(self.reason).label)

    @property
    def out(self) -> int:
        return self.number // self.rounding * self.rounding

    @property
    def back(self) -> int:
        return self.restored // self.rounding * self.rounding


def by_petition(petitions: Iterable[Petition]) -> dict[int, list[Removal]]:
    """Each removal that took anything out, the newest first: nothing that was once listed goes.

    Where the safety level tells by the hour, those that had ended at the last full hour.
    """
    known = {petition.pk: petition for petition in petitions}
    told: dict[int, list[Removal]] = defaultdict(list)
    for removal, petition in _all(known):
        told_until = petition.hourly_at
        live = removal.rounding == 1
        if live or (removal.ended_at and told_until and removal.ended_at <= told_until):
            told[petition.pk].append(removal)
    return told


def of(petition: Petition) -> list[Removal]:
    return by_petition([petition])[petition.pk]


def number(removals: Iterable[Removal]) -> int:
    """How many are out by these, without those that were put back; whatever their owners did since."""
    return sum(removal.number - removal.restored for removal in removals)


def ended(petition: Petition) -> list[Removal]:
    """For what is told by the hour: without what is under way."""
    return [removal for removal, _ in _all({petition.pk: petition}) if removal.ended_at]


def _all(petitions: dict[int, Petition]) -> list[tuple[Removal, Petition]]:
    rows = Decision.objects.done().filter(kind=Decision.Kind.REMOVE, petition__in=list(petitions), number__gt=0)
    rows = rows.select_related("job").order_by("-decided_at", "-pk")
    return [(_read(row, petitions[row.petition_id]), petitions[row.petition_id]) for row in rows]


def _read(row: Decision, petition: Petition) -> Removal:
    assert row.decided_at is not None
    ended_at = row.job.ended_at if hasattr(row, "job") else row.decided_at
    return Removal(row.reason, row.decided_at, ended_at, row.number, row.restored, petition.policy.rounding)
