"""Planned misbehaviour: certain calls go wrong in a given way."""

from collections.abc import Callable
from typing import Any

from xsim import distortions, mishaps, refusals
from xsim.calls import Call, Fault
from xsim.turns import Turn
from xsim.web import Response

KINDS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        refusals.rate_limited, refusals.usage_capped, refusals.credits_depleted, refusals.unauthorized,
        refusals.forbidden, refusals.stale_since_id, refusals.html_500, refusals.html_503, refusals.json_list_5xx,
        refusals.empty_200, mishaps.stall, mishaps.late_answer, mishaps.reset, mishaps.lost_answer,
        mishaps.truncated_json, mishaps.date_skew, distortions.null_data, distortions.partial_errors,
        distortions.missing_text, distortions.unknown_fields, distortions.repeated_token,
        distortions.duplicate_across_pages, distortions.fewer_counts,
    )
} | {"redirect": refusals.redirected}  # fmt: skip


class Faults:
    def __init__(self) -> None:
        self._plans: list[tuple[Turn, Callable[[Call], Response]]] = []

    def add(self, *, route: str, fault: str, nth: int = 1, times: int = 1, **options: Any) -> None:
        """The nth call from now that matches the path or template, and the following times-1, go wrong."""
        kind = KINDS[fault]
        self._plans.append((Turn(route, nth, times), lambda call: kind(call, **options)))

    def clear(self) -> None:
        self._plans.clear()

    def pick(self, template: str, path: str) -> Callable[[Call], Response] | None:
        """What is to befall this call. Every plan counts the call, the oldest one that is due wins."""
        due = [fault for turn, fault in self._plans if turn.comes(template, path)]
        return due[0] if due else None
