"""What staff can switch off, for one campaign or for the whole site, and what visitors read meanwhile.

Nobody who signs waits for a switch: it is read from a copy in this process. A thread of each web process reads it anew every second
(operations/watching/readiness.py), so do workers before they do anything. Whoever can't read it goes on with what was read last,
and with everything on where nothing was: a failure switches nothing off.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import changes

log = logging.getLogger(__name__)


class Switch(models.TextChoices):
    SIGNING = "signing", _("Signing")
    CONFIRMING = "confirming", _("Confirming")
    TWEET_STEP = "tweet_step", _("Tweet step")
    LIVE_NUMBERS = "live_numbers", _("Live numbers")
    VOICES = "voices", _("Voices")
    MAP = "map", _("Map")
    MAIL = "mail", _("Mails")
    TRACKING = "tracking", _("Asking X")
    MAINTENANCE = "maintenance", _("All public pages")


# What stands on pages in place of what is off.
TOLD = {
    Switch.SIGNING: _("Signing is paused for a short while. Please come back soon: your voice counts."),
    Switch.CONFIRMING: _("Confirming is paused for a short while. Your link stays valid: please come back later."),
    Switch.TWEET_STEP: _("Posting from here is paused for a short while. Please come back soon: your words count."),
    Switch.LIVE_NUMBERS: _("The numbers stand still for a while. Load the page again for the newest ones."),
    Switch.VOICES: _("The voices are taking a short break. None of them is lost, and they will be back."),
    Switch.MAP: _("The map is taking a short break. The table of countries has its figures."),
    Switch.MAIL: _("Our mails are paused for a short while. Yours will come, and nothing expires meanwhile."),
    Switch.TRACKING: _("X is not asked for new posts just now. The number is the last one known, and will catch up."),
    Switch.MAINTENANCE: _("We are working on these pages. What you signed is safe, and links in our mails stay valid."),
}


class UnderMaintenance(Exception):
    """The public pages that this request asked for are off (operations/maintenance.py answers)."""


# Seconds after which whoever was refused may come again.
AGAIN = 60


@dataclass(frozen=True)
class State:
    """How a switch was set last. `campaign`: its id, None for the site. `by`: who did it, for staff alone, as is `reason`."""

    switch: Switch
    campaign: int | None
    is_off: bool
    since: datetime
    by: str
    reason: str

    @property
    def told(self) -> Promise:
        return TOLD[self.switch]


class Known:
    """What this process has read last, and when, in monotonic seconds."""

    states: tuple[State, ...] = ()
    at = float("-inf")
    fails = False


_readers: list[Callable[[], Iterable[State]]] = []


def register(reader: Callable[[], Iterable[State]]) -> None:
    """An app above knows where the states are kept: of those that are on, the ones of the last month are enough."""
    _readers.append(reader)


def look(unless_within: float = 0.0) -> None:
    """Reads all of it anew, unless somebody did so within these seconds. Raises nothing."""
    if time.monotonic() < Known.at + unless_within:
        return
    Known.at = time.monotonic()
    try:
        with transaction.atomic():
            states = tuple(state for reader in _readers for state in reader())
    except Exception as error:
        if not Known.fails:
            log.warning("switches can't be read, and stay as they were: %s", type(error).__name__)
        Known.fails = True
        return
    Known.fails = False
    if states != Known.states:
        Known.states = states
        # Pages that this process keeps say otherwise.
        changes.heard()


def forget() -> None:
    Known.states, Known.at, Known.fails = (), float("-inf"), False


def off(campaign: int | None = None) -> list[State]:
    """What is off for the campaign with this id or for the site, which goes before; without an id for the site alone."""
    found = [state for state in Known.states if state.is_off and state.campaign in (None, campaign)]
    return sorted(found, key=lambda state: state.campaign is not None)


def told(campaign: int | None = None) -> dict[str, Promise]:
    """What visitors read in place of what is off, by the switch."""
    return {state.switch.value: state.told for state in off(campaign)}


def where_off(switch: Switch, for_the_last: timedelta | None = None) -> frozenset[int | None]:
    """The ids of the campaigns for which it is off, or was within this time; None among them is the site."""
    since = timezone.now() - for_the_last if for_the_last is not None else None
    return frozenset(
        state.campaign
        for state in Known.states
        if state.switch == switch and (state.is_off or (since is not None and state.since > since))
    )
