"""What waits for a person on the staff, counted for all campaigns at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from accounts.models import User
from actions.models import Tweet, TweetAction
from campaigns.models import Campaign, Delivery
from desk.withdrawal import CHANGE
from petitions.models import Alert, Decision, Export, PaperBatch, Review, SecondLook, Signature, Voice

CANDIDATES = ",".join(kind for kind in Tweet.Kind.values if kind != Tweet.Kind.TARGET)


@dataclass(frozen=True)
class Waits:
    """`number` things of one kind, and the list in which one acts on them."""

    number: int
    words: str
    url: str


@dataclass(frozen=True)
class Kind:
    """Something that waits. `owner`: the column of its rows that leads to the petition, to the tweet action or to the campaign.
    `filters`: of the list named `page`, beside that of the owner. `asked_by`: whose requests wait for the reader; "" where no row
    has been asked for."""

    name: str
    permission: str
    owner: str
    rows: Callable[[], QuerySet[Any]]
    words: Promise
    page: str
    filters: dict[str, str]
    asked_by: Literal["", "the reader", "others"] = ""

    def counted(self, owners: Sequence[int], reader: User | AnonymousUser) -> Any:
        """Rows of (name, owner's id, number)."""
        rows = self.rows().order_by().filter(**{f"{self.owner}__in": owners})
        if self.asked_by == "the reader":
            rows = rows.filter(asked_by=reader.pk)
        if self.asked_by == "others":
            rows = rows.exclude(asked_by=reader.pk)
        return rows.annotate(of_kind=Value(self.name)).values_list("of_kind", self.owner).annotate(total=Count("pk"))

    def of(self, number: int, owner: int, reader: User | AnonymousUser) -> Waits:
        query = QueryDict(mutable=True)
        query.update({f"{self.owner}__id__exact": str(owner), **self.filters})
        if self.asked_by == "the reader":
            query["asked_by__id__exact"] = str(reader.pk)
        return Waits(
            number, str(self.words % {"number": number}), f"{reverse(f'admin:{self.page}')}?{query.urlencode()}"
        )


@cache
def kinds() -> tuple[Kind, ...]:
    """Everything that may wait, the most urgent first."""
    return (
        Kind(
            "alerts",
            "petitions.view_alert",
            "petition",
            lambda: Alert.objects.filter(seen_at=None),
            ngettext_lazy("%(number)d alert", "%(number)d alerts", "number"),
            "petitions_alert_changelist",
            {"seen_at__isempty": "1"},
        ),
        Kind(
            "decisions",
            "petitions.view_decision",
            "petition",
            Decision.objects.waiting,
            ngettext_lazy("%(number)d decision to check", "%(number)d decisions to check", "number"),
            "petitions_decision_changelist",
            {"outcome__exact": Decision.Outcome.WAITING},
        ),
        Kind(
            "approvals",
            "petitions.change_export",
            "petition",
            Export.objects.waiting,
            ngettext_lazy("%(number)d export to approve", "%(number)d exports to approve", "number"),
            "petitions_export_changelist",
            {"second": "me"},
            asked_by="others",
        ),
        Kind(
            "exports",
            "petitions.add_export",
            "petition",
            Export.objects.ready,
            ngettext_lazy("%(number)d export to fetch", "%(number)d exports to fetch", "number"),
            "petitions_export_changelist",
            {"state__exact": Export.State.READY},
            asked_by="the reader",
        ),
        Kind(
            "packs",
            "campaigns.view_delivery",
            "campaign",
            Delivery.objects.ready,
            ngettext_lazy("%(number)d pack to fetch", "%(number)d packs to fetch", "number"),
            "campaigns_delivery_changelist",
            {"state__exact": Delivery.State.READY},
            asked_by="the reader",
        ),
        Kind(
            "handovers",
            CHANGE,
            "campaign",
            Delivery.objects.to_be_recorded,
            ngettext_lazy(
                "%(number)d fetched pack: record the handover",
                "%(number)d fetched packs: record the handover",
                "number",
            ),
            "campaigns_delivery_changelist",
            {"handover": "to record"},
        ),
        Kind(
            "quarantine",
            "petitions.view_signature",
            "petition",
            Signature.objects.under_review,
            ngettext_lazy("%(number)d signature set aside", "%(number)d signatures set aside", "number"),
            "petitions_signature_changelist",
            {"review__exact": Review.QUARANTINED, "confirmed_at__isempty": "0", "withdrawn_at__isempty": "1"},
        ),
        Kind(
            "looks",
            "petitions.view_secondlook",
            "petition",
            SecondLook.objects.waiting,
            ngettext_lazy("%(number)d asks for a second look", "%(number)d ask for a second look", "number"),
            "petitions_secondlook_changelist",
            {},
        ),
        Kind(
            "comments",
            "petitions.view_voice",
            "petition",
            Voice.objects.waiting,
            ngettext_lazy("%(number)d comment to read", "%(number)d comments to read", "number"),
            "petitions_voice_changelist",
            {},
        ),
        Kind(
            "paper",
            "petitions.check_paperbatch",
            "petition",
            PaperBatch.objects.waiting,
            ngettext_lazy("%(number)d batch of paper to count", "%(number)d batches of paper to count", "number"),
            "petitions_paperbatch_changelist",
            {"checked_at__isempty": "1", "withdrawn_at__isempty": "1"},
        ),
        Kind(
            "posts",
            "actions.view_tweet",
            "action",
            Tweet.objects.candidates,
            ngettext_lazy("%(number)d post to look at", "%(number)d posts to look at", "number"),
            "actions_tweet_changelist",
            {"kind__in": CANDIDATES, "review__exact": Tweet.Review.NONE, "gone_at__isempty": "1"},
        ),
    )


ANSWERS = ngettext_lazy("%(number)d post by the target", "%(number)d posts by the target", "number")


def by_campaign(campaigns: Sequence[Campaign], reader: User | AnonymousUser) -> dict[int, list[Waits]]:
    """What waits for this reader, by the campaign's id, in three queries; without those where nothing does."""
    found: dict[int, list[Waits]] = defaultdict(list)
    # Whoever may not look at campaigns has here what was asked for alone.
    looks_after = reader.has_perm("campaigns.view_campaign")
    seen = {one.name: one for one in kinds() if reader.has_perm(one.permission) and (looks_after or one.asked_by)}
    if reader.has_perm("actions.view_tweet"):
        for number, campaign in _answers(campaigns):
            url = f"{reverse('admin:actions_tweet_changelist')}?kind__exact={Tweet.Kind.TARGET}&seen_at__isempty=1"
            found[campaign.pk].append(Waits(number, str(ANSWERS % {"number": number}), url))
    owned = {("petition", campaign.petition_id): campaign.pk for campaign in campaigns}
    owned |= {("action", campaign.tweet_action_id): campaign.pk for campaign in campaigns}
    owned |= {("campaign", campaign.pk): campaign.pk for campaign in campaigns}
    first, *others = [
        kind.counted([number for owner, number in owned if owner == kind.owner and number], reader)
        for kind in seen.values()
    ] or [Voice.objects.none().values_list("reason", "pk", "pk")]
    numbers = {(name, owner): number for name, owner, number in first.union(*others, all=True)}
    for kind in seen.values():
        for (name, owner), number in numbers.items():
            if name == kind.name:
                found[owned[kind.owner, owner]].append(kind.of(number, owner, reader))
    return dict(found)


def _answers(campaigns: Sequence[Campaign]) -> list[tuple[int, Campaign]]:
    """How many posts of its targets nobody has seen yet, for each campaign that has some."""
    unseen = Counter(Tweet.objects.unseen().order_by().values_list("target", flat=True))
    targets: dict[int, set[int]] = defaultdict(set)
    for action, target in TweetAction.more_targets.through.objects.values_list("tweetaction", "target"):
        targets[action].add(target)
    for campaign in campaigns:
        if campaign.tweet_action and campaign.tweet_action.target_id:
            targets[campaign.tweet_action.pk].add(campaign.tweet_action.target_id)
    numbers = [(sum(unseen[target] for target in targets[c.tweet_action_id or 0]), c) for c in campaigns]
    return [(number, campaign) for number, campaign in numbers if number]
