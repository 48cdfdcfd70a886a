"""Every public figure with what it means: its definition, as of when it is so, and where it can be had as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext

from campaigns.models import Campaign
from progress.figures import PublicFigures


@dataclass(frozen=True)
class Defined:
    """`key`: its place in progress.json. `number` is None while it is not known. `csv`: a URL. `note`: what must be said beside
    the number itself."""

    key: str
    label: str
    number: int | None
    definition: str
    as_of: datetime | None
    csv: str
    note: str = ""


def signatures(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    """All that can be said of signatures; only the first one counts towards the goal."""
    if figures.signatures is None:
        return []
    every = reverse("figures_csv", args=[campaign.slug])
    by_day = reverse("signatures_csv", args=[campaign.slug]) if campaign.policy.rounding == 1 else every
    return [
        Defined(
            "signatures.confirmed", gettext("confirmed signatures"), figures.signatures.count,
            _confirmed(campaign),
            figures.as_of, by_day,
        ),
        Defined(
            "signatures.pending", gettext("pending"), figures.pending,
            gettext("Signed, not confirmed by mail yet; every hour, rounded to 10."), figures.hourly_as_of, every,
        ),
        Defined(
            "signatures.under_review", gettext("under review"), figures.under_review,
            gettext("Confirmed, but looked at before they count; every hour, rounded to 10."), figures.hourly_as_of, every,
        ),
        Defined(
            "signatures.removed", gettext("removed"), figures.removed,
            _in_steps(campaign, gettext("Confirmed, and taken out as not genuine; every hour.")), figures.hourly_as_of, every,
        ),
    ]  # fmt: skip


def _confirmed(campaign: Campaign) -> str:
    if campaign.policy.rounding > 1:
        return gettext(
            "Confirmed by a button behind a mailed link, one for each mailbox and petition, not withdrawn, not under review, "
            "not removed. Told every hour and in steps of ten, for the safety of those who sign; recounted from the rows every night."
        )
    return gettext(
        "Confirmed by a button behind a mailed link, one for each mailbox and petition, not withdrawn, not under review, "
        "not removed. Counted within seconds; recounted from the rows every night."
    )


def _in_steps(campaign: Campaign, definition: str) -> str:
    if campaign.policy.rounding == 1:
        return definition
    return f"{definition} {gettext('Told every hour and in steps of ten, for the safety of those who take part.')}"


def apart(campaign: Campaign) -> str:
    """Explains how hours, days and countries are told; "" where none are."""
    if campaign.petition is None or campaign.policy.rounding > 1:
        return ""
    return gettext(
        "Told every hour, of those who confirmed before a full hour after which at least 5 others have confirmed. Fewer than 5 "
        "are joined to others, and a number moves only by 5 or more: so nobody sees from them who has just signed."
    )


def ladder(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    """The evidence ladder: four numbers that are never added up. Only *matching* counts towards the goal."""
    if figures.tweets is None:
        return []
    every = reverse("figures_csv", args=[campaign.slug])
    return [
        Defined(
            "tweets.opened", gettext("opened"), figures.opened,
            _in_steps(campaign, gettext(
                "Composers opened from our page, at most one a minute from one network address. "
                "Whether the post was sent, nobody told us."
            )),
            figures.taken_part_as_of, every,
        ),
        Defined(
            "tweets.matching", gettext("matching"), figures.tweets.count,
            gettext(
                "Public posts matching the query, by anyone, for or against, reposts excluded, as X itself counts them. "
                "Each count of the last seven days is replaced whenever X counts again."
            ),
            figures.matching_as_of, reverse("tweets_csv", args=[campaign.slug]),
        ),
        Defined(
            "tweets.linked", gettext("linked"), figures.linked,
            _in_steps(campaign, gettext(
                "Links of posts that were shown to us, without those that we looked up and did not find, "
                "or that do not match the query."
            )),
            figures.taken_part_as_of, every, not_looked_up(figures.not_looked_up),
        ),
        Defined(
            "tweets.verified", gettext("verified"), figures.verified,
            _in_steps(campaign, gettext("Linked posts that we have seen at X ourselves.")), figures.taken_part_as_of, every,
        ),
    ]  # fmt: skip


def not_looked_up(number: int) -> str:
    """Says how many linked posts nobody has looked up yet: anybody can show us a link."""
    return (
        gettext("%(number)s not looked up yet") % {"number": number_format(number, force_grouping=True)}
        if number
        else ""
    )


def goal(campaign: Campaign, figures: PublicFigures) -> Defined:
    """Defines the percentage of the goal."""
    formula = gettext("The mean of both strands, each at most 100 percent, rounded down.")
    if figures.signatures is None or figures.tweets is None:
        formula = gettext("The one strand that this campaign has, at most 100 percent, rounded down.")
    every = reverse("figures_csv", args=[campaign.slug])
    return Defined("goal.percent", gettext("of the goal"), figures.percent, formula, figures.as_of, every)


def every(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    return [goal(campaign, figures), *signatures(campaign, figures), *ladder(campaign, figures)]
