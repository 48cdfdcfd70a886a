"""The safety level of a campaign: one switch for all that depends on how dangerous it is to be known as a signer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SafetyLevel(models.TextChoices):
    STANDARD = "standard", _("standard")
    ELEVATED = "elevated", _("elevated: signing may cost a job")
    HIGH = "high", _("high: signing may cost freedom")


@dataclass(frozen=True)
class Policy:
    """`names`, `comments`: whether people are asked for them to be shown. `countries`: whether they are published.
    `rounding`: totals are published in multiples of this, and then hourly. `kept_after_closing`: how long we know who signed.
    `neutral_mail`: whether subject and sender keep the cause to themselves. `links`: whether people are asked to show us their
    posts. `advice`: said before anybody posts. `backups_kept`: how long what was erased may still be in a backup. `sources`: whether
    is kept through which link somebody came to sign. `mails_to_target`: whether people are asked to write to the target from
    their own mailbox. `answers`: whether they are offered to reply to its posts, or to quote them. `messengers`: whether they are
    given texts for friends that others than these may read on the way. `exports`: whether staff may take out who signed.
    `hands_over`: whether people are asked to have their name handed to the target, and it is. `paper`: whether signatures are
    collected on sheets as well, which whoever finds one can read."""

    names: bool
    comments: bool
    countries: bool
    rounding: int
    kept_after_closing: timedelta
    neutral_mail: bool
    links: bool
    advice: Promise | str
    backups_kept: timedelta = timedelta(days=30)
    sources: bool = False
    mails_to_target: bool = False
    answers: bool = False
    messengers: bool = False
    exports: bool = False
    hands_over: bool = False
    paper: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether totals are published to the unit and at once; if not, they come by the hour, in steps."""
        return self.rounding == 1

    @property
    def shows_voices(self) -> bool:
        """Whether comments are shown with the names of those who agree to it: people are asked for both."""
        return self.names and self.comments

    @property
    def shows_faces(self) -> bool:
        """Whether a picture may show who took part: where nobody is asked for a name to be shown, none may say it for them."""
        return self.names

    @property
    def daily_snapshots(self) -> bool:
        """Whether figures are kept by the day: where totals come in steps, days would tell when each step was reached."""
        return self.rounding == 1


POLICIES = {
    SafetyLevel.STANDARD: Policy(
        names=True, comments=True, countries=True, rounding=1, kept_after_closing=timedelta(days=182),
        neutral_mail=False, links=True,
        advice="", sources=True, mails_to_target=True, answers=True, messengers=True, exports=True,
        hands_over=True, paper=True,
    ),
    SafetyLevel.ELEVATED: Policy(
        names=False, comments=False, countries=True, rounding=1, kept_after_closing=timedelta(days=90),
        neutral_mail=True, links=True,
        advice=_("Think twice: an employer or an office may read your post. Signing is enough, and nobody sees who signs."),
        sources=True, messengers=True, exports=True,
    ),
    SafetyLevel.HIGH: Policy(
        names=False, comments=False, countries=False, rounding=10, kept_after_closing=timedelta(days=30),
        neutral_mail=True, links=False,
        advice=_("Do not post from an account that leads to you or yours. Signing is enough, and nobody sees who signs."),
        backups_kept=timedelta(days=7),
    ),
}  # fmt: skip


def backups_kept(levels: Iterable[SafetyLevel]) -> timedelta:
    """How long backups of a site with these levels are kept: one dump holds all of them, so the strictest decides."""
    return min(POLICIES[level].backups_kept for level in levels)
