"""What came in a span of time, exactly. What of it may be told, and to whom, is no business of this module: progress/counted_days.py
alone asks it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from actions.models import OPENINGS_KEPT, LinkedPost, Opening, OpeningTally, TweetAction
from campaigns.models import Campaign, Reminder, UpdateMail
from core.models import QueuedMail
from petitions.disclosure import DIRECT
from petitions.models import LINK_LIVES, Petition

# {series: {cell: number}}
Counts = dict[str, dict[str, int]]
# The cell of a series that has one alone, of what was opened or linked with no sample, and of all who took longer.
ALL, OWN_WORDS, LATER = "all", "own", "later"
# How long after the mail people confirm, at most.
WAITS = {"10 minutes": timedelta(minutes=10), "1 hour": timedelta(hours=1), "1 day": timedelta(days=1)}


# Of these the rows go after a week: what was never confirmed, and openings one by one.
SHORT_LIVED, THEY_LIVE = ("signed", "mailed", "samples"), min(LINK_LIVES, OPENINGS_KEPT)


def missing(start: datetime, now: datetime) -> list[str]:
    """The series that nobody can count any more for a day that began at `start`."""
    return [] if start > now - THEY_LIVE else [*SHORT_LIVED]


def counts(campaign: Campaign, start: datetime, end: datetime) -> Counts:
    """What came from `start` on and before `end`."""
    found: Counts = {}
    if campaign.petition:
        found |= _signatures(campaign.petition, start, end)
    if campaign.tweet_action:
        found |= _posts(campaign.tweet_action, start, end)
    found["pledged"] = _by("network", campaign.pledges.filter(confirmed_at__gte=start, confirmed_at__lt=end))
    for kind, rows in _mails(campaign).items():
        found[f"mailed {kind}"] = {ALL: rows.filter(mailed_at__gte=start, mailed_at__lt=end).count()}
    return found


def _signatures(petition: Petition, start: datetime, end: datetime) -> Counts:
    rows = petition.signatures.all()
    confirmed = rows.counting().filter(confirmed_at__gte=start, confirmed_at__lt=end)
    # No mail goes out so much later than it was asked for; without it every row of the petition would be read.
    mailed = rows.filter(signed_at__gte=start - LINK_LIVES, mailed_at__gte=start, mailed_at__lt=end)
    return {
        "signed": {ALL: rows.filter(signed_at__gte=start, signed_at__lt=end).count()},
        "mailed": {ALL: mailed.count()},
        "confirmed": _by("source", confirmed, DIRECT),
        "waited": _waits(confirmed),
    }


def _waits(confirmed: QuerySet[Any]) -> dict[str, int]:
    within = {name: Count("pk", filter=Q(waited__lte=longest)) for name, longest in WAITS.items()}
    mailed = confirmed.exclude(mailed_at=None).annotate(waited=F("confirmed_at") - F("mailed_at"))
    numbers = mailed.aggregate(**{f"n{place}": count for place, count in enumerate(within.values())}, n=Count("pk"))
    told, before = dict[str, int](), 0
    for place, name in enumerate(WAITS):
        told[name], before = numbers[f"n{place}"] - before, numbers[f"n{place}"]
    return told | {LATER: numbers["n"] - before}


def _posts(action: TweetAction, start: datetime, end: datetime) -> Counts:
    tallies = OpeningTally.objects.filter(action=action, start__gte=start, start__lt=end)
    opened = Opening.objects.filter(action=action, minute__gte=start, minute__lt=end)
    linked = LinkedPost.objects.counting().filter(action=action, linked_at__gte=start, linked_at__lt=end)
    return {
        "opened": dict(tallies.values_list("network").annotate(Sum("opened")).order_by()),
        "samples": _by("sample", opened, OWN_WORDS),
        "linked": _by("sample", linked, OWN_WORDS),
    }


def _by(field: str, rows: QuerySet[Any], nothing: str = ALL) -> dict[str, int]:
    """`nothing`: the cell of rows that have none; a row may also name that cell."""
    found = Counter[str]()
    for cell, number in rows.order_by().values_list(field).annotate(Count("pk")):
        found[nothing if cell in (None, "") else str(cell)] += number
    return dict(found)


def _mails(campaign: Campaign) -> dict[str, QuerySet[Any]]:
    """What is mailed besides confirmations, by its kind."""
    return {
        "pledge": campaign.pledges.all(),
        "reminder": Reminder.objects.filter(pledge__campaign=campaign),
        "update": UpdateMail.objects.filter(update__campaign=campaign),
    }


def mails_now(campaign: Campaign, now: datetime) -> Counts:
    """{kind: {"waiting", "uncertain", "unsent": number}}: what has become of those that did not go out so far."""
    kinds = _mails(campaign)
    if campaign.petition:
        # What was confirmed had its mail.
        kinds = {"confirmation": campaign.petition.signatures.filter(confirmed_at=None), **kinds}
    tried = Q(mail_attempts__gte=QueuedMail.ATTEMPTS, mail_due_at__lte=now)
    outcomes = {
        "waiting": Count("pk", filter=Q(mail_due_at__isnull=False) & ~tried),
        "uncertain": Count("pk", filter=tried),
        "unsent": Count("pk", filter=Q(mail_due_at=None)),
    }
    return {kind: rows.filter(mailed_at=None).aggregate(**outcomes) for kind, rows in kinds.items()}


def added(*many: Counts) -> Counts:
    """The sum, cell by cell."""
    whole: Counts = {}
    for counted in many:
        for series, cells in counted.items():
            into = whole.setdefault(series, {})
            for cell, number in cells.items():
                into[cell] = into.get(cell, 0) + number
    return whole
