"""The nightly proof of *opened*: what figures are read from must equal the sum of the cells. The openings behind these are gone after
a week."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

WRONG_SUMS = """
SELECT action_id, target_id, sum(cells), sum(total) FROM (
    SELECT action_id, target_id, opened AS cells, 0 AS total FROM actions_openingtally
    UNION ALL
    SELECT action_id, target_id, 0, opened FROM actions_openingtallybytarget
) AS both_sides
GROUP BY 1, 2 HAVING sum(cells) <> sum(total) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class WrongSum:
    """`target_id` is None for openings from before there were several targets."""

    action_id: int
    target_id: int | None
    cells: int
    sum: int


def wrong_sums(using: str = DEFAULT_DB_ALIAS) -> list[WrongSum]:
    """Every target whose sum is not that of its cells: none, unless something is broken."""
    with connections[using].cursor() as cursor:
        cursor.execute(WRONG_SUMS)
        return [WrongSum(action, target, int(cells), int(total)) for action, target, cells, total in cursor.fetchall()]
