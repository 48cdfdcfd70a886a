"""Every public figure with what it means: its definition, as of when it is so, and where it can be had as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext

from campaigns.models import Campaign
from progress import pace
from progress.figures import PublicFigures

# The as-of of each figure, by their names in progress.json.
AS_OF = {
    "confirmed": "confirmed_as_of",
    "removed": "confirmed_as_of",
    **dict.fromkeys(("pending", "under_review"), "hourly_as_of"),
    **dict.fromkeys(("opened", "linked", "verified"), "taken_part_as_of"),
    "matching": "matching_as_of",
}


@dataclass(frozen=True)
class Defined:
    """`key`: its place in progress.json. `number` is None while it is not known. `csv`: a URL. `note`: what must be said beside
    the number itself. `as_of_key`: the place of its as-of in progress.json; "" where the number does not move there."""

    key: str
    label: str
    number: int | None
    definition: str
    as_of: datetime | None
    csv: str
    note: str = ""

    @property
    def as_of_key(self) -> str:
        part, _, name = self.key.partition(".")
        return f"{part}.{AS_OF[name]}" if name in AS_OF else ""


def signatures(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    """All that can be said of signatures; only the first one counts towards the goal."""
    if figures.signatures is None:
        return []
    every = reverse("figures_csv", args=[campaign.slug])
    by_day = reverse("signatures_csv", args=[campaign.slug]) if campaign.policy.rounding == 1 else every
    return [
        Defined(
            "signatures.confirmed", gettext("confirmed signatures"), figures.signatures.count,
            _confirmed(campaign), figures.confirmed_as_of, by_day,
        ),
        Defined(
            "signatures.pending", gettext("pending"), figures.pending,
            gettext("Signed, but not confirmed by mail yet. Updated every hour, rounded to 10."), figures.hourly_as_of, every,
        ),
        Defined(
            "signatures.under_review", gettext("under review"), figures.under_review,
            gettext("Confirmed, but we review them before they count. Updated every hour, rounded to 10."),
            figures.hourly_as_of, every,
        ),
        Defined(
            "signatures.removed", pgettext("how many", "removed"), figures.removed,
            _in_steps(campaign, gettext("Removed as not genuine, without those put back since.")),
            figures.confirmed_as_of, every,
        ),
    ]  # fmt: skip


def paper(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    """Signatures on paper, which are added to no other number; nothing where none were ever counted."""
    if not (figures.paper or figures.paper_withdrawn):
        return []
    definition = gettext(
        "Signatures on printed sheets, of which one person counts the lines and another one counts them again. They are not checked "
        "against each other, or against those that were confirmed by mail. They do not count towards the goal."
    )
    every, withdrawn = reverse("figures_csv", args=[campaign.slug]), figures.paper_withdrawn or 0
    note = gettext("%(number)s withdrawn since") % {"number": number_format(withdrawn, force_grouping=True)}
    label = gettext("signatures on paper")
    return [
        Defined("signatures.paper", label, figures.paper, definition, figures.as_of, every, note if withdrawn else "")
    ]


def _confirmed(campaign: Campaign) -> str:
    if campaign.policy.rounding > 1:
        return gettext(
            "Confirmed with the button behind a mailed link, one for each mailbox and petition, not withdrawn, not under "
            "review, not removed. Updated every hour in steps of ten, to protect those who sign. Recounted one by one every "
            "night."
        )
    return gettext(
        "Confirmed with the button behind a mailed link, one for each mailbox and petition, not withdrawn, not under review, "
        "not removed. Counted within seconds, and recounted one by one every night."
    )


def _in_steps(campaign: Campaign, definition: str) -> str:
    if campaign.policy.rounding == 1:
        return definition
    stepped = gettext("Updated every hour in steps of ten, to protect those who take part.")
    return f"{definition} {stepped}"


def apart(campaign: Campaign) -> str:
    """Explains how hours, days and countries are told; "" where none are."""
    if campaign.petition is None or campaign.policy.rounding > 1:
        return ""
    return gettext(
        "Updated every hour. We count those who confirmed before a full hour once at least 5 others have confirmed after it. "
        "Fewer than 5 are added to others, and a number only changes by 5 or more. So nobody can see who has just signed."
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
                "Posts that people started from our page, at most one a minute from one IP address. We do not know whether they "
                "were sent."
            )),
            figures.taken_part_as_of, every,
        ),
        Defined(
            "tweets.matching", gettext("matching"), figures.tweets.count,
            "{} {}".format(
                matching(figures.query),
                gettext(
                    "As X itself counts them. Whenever X counts again, the new count replaces the old one for the last seven days."
                ),
            ),
            figures.matching_as_of, reverse("tweets_csv", args=[campaign.slug]),
        ),
        Defined(
            "tweets.linked", pgettext("how many", "linked"), figures.linked,
            _in_steps(campaign, gettext(
                "Posts whose links people gave us. We leave out those that we looked up and did not find, or that do not match "
                "the query."
            )),
            figures.taken_part_as_of, every, not_looked_up(figures.not_looked_up),
        ),
        Defined(
            "tweets.verified", pgettext("how many", "verified"), figures.verified,
            _in_steps(campaign, gettext("Linked posts that we have seen on X ourselves.")), figures.taken_part_as_of, every,
        ),
    ]  # fmt: skip


def not_looked_up(number: int) -> str:
    """Says how many linked posts nobody has looked up yet: anybody can show us a link."""
    return (
        gettext("%(number)s not checked yet") % {"number": number_format(number, force_grouping=True)} if number else ""
    )


def matching(query: str, marked: bool = False) -> str:
    """Says what *matching* is, with the query that is really asked: the caption of every number of posts. `marked`: as HTML."""
    if not query:
        return gettext("Public posts matching the query, by anyone, for or against, reposts excluded.")
    said = gettext("Public posts matching {query}, by anyone, for or against, reposts excluded.")
    if marked:
        terms = format_html_join(" ", "<code>{}</code>", ((term,) for term in query.split()))
        return format_html(said, query=format_html('<bdi dir="ltr">{}</bdi>', terms))
    return said.format(query=query)


def percents(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    """The percentage of each goal. What both give together is in progress.json alone."""
    every = reverse("figures_csv", args=[campaign.slug])
    formula = gettext("The number as a percentage of its goal, rounded down. It is above 100 once the goal is passed.")
    found = []
    if figures.signatures:
        label, as_of = gettext("signatures, of the goal"), figures.confirmed_as_of
        found.append(Defined("signatures.percent", label, figures.signatures.percent, formula, as_of, every))
    if figures.tweets:
        label, as_of = gettext("tweets, of the goal"), figures.matching_as_of
        found.append(Defined("tweets.percent", label, figures.tweets.percent, formula, as_of, every))
    return found


def growth(campaign: Campaign, told: pace.Growth) -> list[Defined]:
    """How fast it grows, as far as that is told."""
    found, petition = list[Defined](), campaign.petition
    by_day, by_hour = (reverse(name, args=[campaign.slug]) for name in ("signatures_csv", "tweets_csv"))
    if told.since_yesterday and petition:
        since = date_format(told.since_yesterday.moment.astimezone(campaign.zone), "DATETIME_FORMAT")
        definition = gettext("Confirmed since %(moment)s. Updated every hour, so the newest are missing.") % {
            "moment": since
        }
        label, number = gettext("signatures since yesterday"), told.since_yesterday.number
        found.append(Defined("signatures.since_yesterday", label, number, definition, petition.told_until, by_day))
    paces = [
        ("signatures.per_day", gettext("signatures a day"), told.signatures, by_day),
        ("tweets.per_day", gettext("tweets a day"), told.tweets, by_hour),
    ]
    definition = gettext(
        "The mean of the last seven whole days (UTC), or of as many as there are since the launch, three at least. The range "
        "begins on the day that reaches the goal if each day to come is like the mean of the best four. It ends on the day "
        "that reaches the goal if each is like the mean of the worst four. We show it only where we know each of the seven "
        "days by itself, and at most twelve weeks ahead."
    )
    for key, label, known, csv in paces:
        if known:
            found.append(Defined(key, label, known.per_day, definition, known.until, csv, lasting(known)))
    return found


def lasting(known: pace.Pace) -> str:
    """Says between which days the goal is reached if this pace lasts; "" where that can't be said."""
    if known.earliest is None or known.latest is None:
        return ""
    earliest, latest = date_format(known.earliest, "DATE_FORMAT"), date_format(known.latest, "DATE_FORMAT")
    if earliest == latest:
        return gettext("At this pace, we reach the goal on %(day)s.") % {"day": latest}
    said = gettext("At this pace, we reach the goal between %(earliest)s and %(latest)s.")
    return said % {"earliest": earliest, "latest": latest}


def every(campaign: Campaign, figures: PublicFigures) -> list[Defined]:
    return [
        *percents(campaign, figures),
        *signatures(campaign, figures),
        *paper(campaign, figures),
        *ladder(campaign, figures),
    ]
