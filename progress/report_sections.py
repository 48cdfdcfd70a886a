"""The sections of a report, each with the one definition of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext

from actions.models import Purpose, SampleTweet, TweetAction
from actions.networks import NETWORKS
from campaigns.models import Campaign
from core.privacy.safety import Policy
from petitions.disclosure import DIRECT, LEAST, REST
from progress.counted_days import Told
from progress.day_counts import LATER, OWN_WORDS
from progress.figures import public_figures
from progress.reports import Cell, Period, Report, Row, Section, Untold

CENT = Decimal("0.01")


def build(campaign: Campaign, period: Period) -> Report:
    """The report of these days, in a fixed number of queries."""
    action, by_days = campaign.tweet_action, campaign.policy.rounding == 1
    sections, notes = list[Section](), list[str]()
    if by_days:
        told = Told(campaign, period.first, period.last)
        sections += _of_people(campaign, told)
        notes.append(_how_people_are_told())
        if not told.is_counted:
            notes.append(gettext("None of these days is counted yet. We count each day minutes after it is over."))
    else:
        sections.append(_so_far(campaign))
        notes.append(_in_steps(campaign.policy))
    if action:
        sections += [_answers(campaign, action, period), _money(action, period)]
    return Report(campaign, period, sections, notes)


def _how_people_are_told() -> str:
    return gettext(
        "We show numbers of people for whole days that are over, from 5 up. Fewer than 5 are added to the next day, until there "
        "are enough. A number that appears for the first time includes all who came before. What was withdrawn later is "
        "still in it. So no two reports point to anybody in particular."
    )


def _in_steps(policy: Policy) -> str:
    return gettext(
        "At this campaign's safety level we show numbers of people every hour, in steps of %(steps)s, for the whole campaign. "
        "We show none by day, source, sample or mail."
    ) % {"steps": policy.rounding}


def _of_people(campaign: Campaign, told: Told) -> list[Section]:
    petition, action = campaign.petition, campaign.tweet_action
    sections = [_funnel(campaign, told)]
    if petition:
        sections += [_sources(campaign, told), _waits(told)]
    if action:
        sections.append(_samples(action, told))
    if campaign.pledge_threshold:
        sections.append(_pledges(campaign, told))
    return [*sections, _mails(campaign, told)]


def _number(number: int | None) -> Cell:
    """Fewer than LEAST are none or some: nobody is told which."""
    if number is None:
        return Untold.UNKNOWN
    return number if number >= LEAST else Untold.FEW


def _cell(cells: Mapping[str, int] | None, key: str) -> Cell:
    return _number(None if cells is None else cells.get(key, 0))


def _funnel(campaign: Campaign, told: Told) -> Section:
    rows = list[Row]()
    gone = gettext("Known only for days counted within a week: after that, what was never confirmed is deleted.")
    if campaign.petition:
        rows += [
            Row(
                pgettext("how many", "signed"),
                (_number(told.total("signed")),),
                gettext("Forms that people sent.") + f" {gone}",
            ),
            Row(
                gettext("mailed"),
                (_number(told.total("mailed")),),
                gettext("Mails to confirm that went out.") + f" {gone}",
            ),
            Row(
                pgettext("how many", "confirmed"),
                (_number(told.total("confirmed")),),
                gettext("Confirmed on these days, and counted when the day was over."),
            ),
        ]
    if campaign.tweet_action:
        rows += [
            Row(
                gettext("opened"),
                (_number(told.total("opened")),),
                gettext("Posts that people started from our page, at most one a minute from one IP address."),
            ),
            Row(
                pgettext("how many", "linked"),
                (_number(told.total("linked")),),
                gettext("Posts whose links people gave us, without those that turned out not to match."),
            ),
        ]
    definition = gettext("What happened on these days, whoever did it. No number is a part of the one before.")
    return Section("funnel", gettext("From signing to posting"), definition, (gettext("number"),), rows)


def _others() -> str:
    return gettext("others, too few to show")


def _by_size(cells: Mapping[str, int] | None) -> list[str]:
    """The keys that are told, largest first, REST last; REST alone where it lost what has a cell of its own by now."""
    named = [key for key, number in (cells or {}).items() if number >= LEAST]
    return sorted(named, key=lambda key: (key == REST, -(cells or {})[key], key))


def _sources(campaign: Campaign, told: Told) -> Section:
    cells, notes = told.cells("confirmed"), dict(campaign.sources.values_list("word", "note"))
    names = {DIRECT: gettext("no source"), REST: _others()}

    def name(key: str) -> str:
        return names.get(key) or (f"{key} ({notes[key]})" if notes.get(key) else key)

    return Section(
        "sources",
        gettext("Sources"),
        gettext("Confirmed signatures, by the word in the link that people came through."),
        (pgettext("how many", "confirmed"),),
        [Row(name(key), (_cell(cells, key),)) for key in _by_size(cells)],
    )


def _waits(told: Told) -> Section:
    cells = told.cells("waited")
    names = {
        "10 minutes": gettext("within 10 minutes"),
        "1 hour": gettext("within an hour"),
        "1 day": gettext("within a day"),
        LATER: gettext("later"),
        REST: _others(),
    }
    keys = [key for key in names if key != REST or REST in _by_size(cells)]
    return Section(
        "waits",
        gettext("Time to confirm"),
        gettext("Confirmed signatures, by how long after the mail people pressed the button."),
        (pgettext("how many", "confirmed"),),
        [Row(names[key], (_cell(cells, key),)) for key in keys],
    )


def _samples(action: TweetAction, told: Told) -> Section:
    """All that there are: those that nobody opens are what one looks for here."""
    opened, linked = told.cells("samples"), told.cells("linked")

    def row(key: str, label: str, sample: SampleTweet | None = None) -> Row:
        return Row(label, (_cell(opened, key), _cell(linked, key)), sample=sample)

    rows = sorted(
        (row(str(sample.pk), sample.text, sample) for sample in action.samples.all()), key=lambda row: -row.size
    )
    more = {OWN_WORDS: gettext("no sample"), REST: _others()}
    told_of = {*_by_size(opened), *_by_size(linked)}
    return Section(
        "samples",
        gettext("Samples"),
        gettext(
            "Posts that people started with each sample, whatever they made of it. Links count for the sample that was shown "
            "when the link was pasted. What was opened by sample is known only for days counted within a week."
        ),
        (gettext("opened"), pgettext("how many", "linked")),
        [*rows, *(row(key, label) for key, label in more.items() if key in told_of)],
    )


def _pledges(campaign: Campaign, told: Told) -> Section:
    pledged, opened = told.cells("pledged"), told.cells("opened")
    names = {slug: str(network.name) for slug, network in NETWORKS.items()} | {REST: _others()}
    keys = dict.fromkeys([*_by_size(pledged), *_by_size(opened)])
    rows = [
        Row(names.get(key, key), (_cell(pledged, key), _cell(opened, key)))
        for key in sorted(keys, key=lambda key: key == REST)
    ]
    definition = gettext("Where people said that they would take part, and where they started posts, on these days.")
    if campaign.forecast is not None:
        definition += " " + gettext("Pledges at the launch: %(number)s.") % {
            "number": number_format(campaign.forecast, force_grouping=True)
        }
    return Section(
        "pledges", gettext("Pledged and done"), definition, (pgettext("how many", "pledged"), gettext("opened")), rows
    )


def _mails(campaign: Campaign, told: Told) -> Section:
    names = {"confirmation": gettext("to confirm a signature"), "pledge": gettext("to confirm a pledge")}
    names |= {"reminder": gettext("reminders"), "update": gettext("updates")}
    if campaign.petition is None:
        del names["confirmation"]
    rows = []
    for kind, name in names.items():
        sent = told.total("mailed" if kind == "confirmation" else f"mailed {kind}")
        rest = told.mails.get(kind, {})
        left = (_tens(rest.get(outcome)) for outcome in ("waiting", "uncertain", "unsent"))
        rows.append(Row(name, (_number(sent), *left)))
    return Section(
        "mails",
        gettext("Mails"),
        gettext(
            "Sent on these days. The other columns were counted after the last of these days, in steps of ten. Uncertain: "
            "nobody knows whether they went out. Not sent: refused, unwanted or stopped."
        ),
        (gettext("sent"), gettext("waiting"), gettext("uncertain"), gettext("not sent")),
        rows,
    )


def _tens(number: int | None) -> Cell:
    if number is None:
        return Untold.UNKNOWN
    return number or gettext("fewer than 10")


def _so_far(campaign: Campaign) -> Section:
    figures = public_figures(campaign)
    found: Iterable[tuple[str, int | None]] = (
        (pgettext("how many", "confirmed"), figures.signatures.count if figures.signatures else None),
        (gettext("opened"), figures.opened),
        (pgettext("how many", "linked"), figures.linked),
        (pgettext("how many", "pledged"), figures.pledged),
        (gettext("pledged at the launch"), figures.forecast),
    )
    rows = [Row(name, (_tens(number),)) for name, number in found if number is not None]
    definition = gettext("For the whole campaign so far, as the public sees it.")
    return Section("so far", gettext("So far"), definition, (gettext("number"),), rows)


def _answers(campaign: Campaign, action: TweetAction, period: Period) -> Section:
    said = campaign.responses.standing().filter(said_at__lt=period.end).order_by("said_at")
    answers = list(said.values_list("target", "said_at"))
    launched = campaign.launched_at

    def row(pk: int | None, label: str) -> Row:
        times = [moment for target, moment in answers if target == pk]
        within = sum(moment >= period.start for moment in times)
        last = max((moment for moment in (*times, launched) if moment), default=None)
        first = _days(launched, times[0], campaign) if times else Untold.UNKNOWN
        return Row(label, (within, first, _days(last, period.end - timedelta(microseconds=1), campaign)))

    rows = [row(target.pk, str(target.name)) for target in action.targets]
    if any(target is None for target, _moment in answers):
        rows.append(row(None, gettext("others")))
    return Section(
        "answers",
        gettext("What the targets said"),
        gettext(
            "Answers on these days, and how many days after the launch the first one came. Days without a word run from the "
            "newest answer, or from the launch, to the last of these days."
        ),
        (gettext("answers"), gettext("days until the first"), gettext("days without a word")),
        rows,
        has_bars=False,
    )


def _days(since: datetime | None, until: datetime, campaign: Campaign) -> Cell:
    """Midnights that lie between them, in the campaign's zone."""
    if since is None:
        return Untold.UNKNOWN
    return max((until.astimezone(campaign.zone).date() - since.astimezone(campaign.zone).date()).days, 0)


def _money(action: TweetAction, period: Period) -> Section:
    charges = action.charges.filter(at__gte=period.start, at__lt=period.end).order_by()
    found = {
        purpose: (cost, number)
        for purpose, cost, number in charges.values_list("purpose").annotate(
            cost=Sum(Coalesce("actual", "reserved")), number=Count("pk")
        )
    }
    rows = [
        Row(str(Purpose(key).label), (cost.quantize(CENT), number)) for key, (cost, number) in sorted(found.items())
    ]
    whole = sum((cost for cost, _number in found.values()), Decimal(0)).quantize(CENT)
    rows.append(Row(gettext("in total"), (whole, sum(number for _cost, number in found.values()))))
    return Section(
        "money",
        gettext("Money spent on X"),
        gettext(
            "US dollars and requests, by what they were for. What X has not settled counts as it was reserved. Kept for 400 days."
        ),
        (gettext("dollars"), gettext("requests")),
        rows,
    )
