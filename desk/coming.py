"""What comes next in each campaign: whatever has a time that lies ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import LEADS, Campaign, KeyMoment, Pledge, Recap, Reminded, Update
from desk.places import page_of

# So many of each campaign.
SHOWN = 3


class Coming(NamedTuple):
    """`url`: where it is changed, "" when the reader may not look at that."""

    at: datetime
    words: str
    url: str


def by_campaign(campaigns: Sequence[Campaign], reader: User | AnonymousUser) -> dict[int, list[Coming]]:
    """The next ones of each, soonest first, by the campaign's id, in three queries beside `recap` and `press_kit`."""
    now, found = timezone.now(), defaultdict[int, list[Coming]](list)
    for campaign in campaigns:
        found[campaign.pk] += _of_itself(campaign, reader)
    reminded = _reminded(campaigns)
    for moment in KeyMoment.objects.coming(now).filter(campaign__in=campaigns):
        rows = found[moment.campaign_id]
        where = _part(moment, reader)
        rows.append(Coming(moment.starts_at, _("Moment: %(title)s") % {"title": moment.title}, where))
        if moment.is_day_of_action:
            words = _("Reminders of: %(title)s") % {"title": moment.title}
            rows += [Coming(moment.starts_at - LEADS[remind], words, where) for remind in reminded[moment.campaign_id]]
    for update in Update.objects.standing().filter(campaign__in=campaigns, published_at__gt=now):
        assert update.published_at is not None
        words = _("Update: %(title)s") % {"title": update.title}
        found[update.campaign_id].append(Coming(update.published_at, words, _part(update, reader)))
    return {pk: sorted(coming for coming in rows if coming.at > now)[:SHOWN] for pk, rows in found.items()}


def _of_itself(campaign: Campaign, reader: User | AnonymousUser) -> Iterator[Coming]:
    petition, action = campaign.petition, campaign.tweet_action
    kit, recap = getattr(campaign, "press_kit", None), getattr(campaign, "recap", None)
    if petition:
        where = page_of(campaign.pk, "petition") if reader.has_perm("petitions.view_petition") else ""
        yield Coming(petition.opens_at, _("The petition opens"), where)
        if petition.closes_at:
            yield Coming(petition.closes_at, _("The petition closes"), where)
    if action and action.hashtag_from:
        where = page_of(campaign.pk, "action") if reader.has_perm("actions.view_tweetaction") else ""
        yield Coming(action.hashtag_from, _("The hashtag is shown"), where)
    if kit and kit.embargo_until:
        yield Coming(kit.embargo_until, _("The embargo of the press kit ends"), page_of(campaign.pk, "press"))
    if recap and recap.published_at:
        yield Coming(recap.published_at, _("The recap appears"), _part(recap, reader))


def _part(row: KeyMoment | Update | Recap, reader: User | AnonymousUser) -> str:
    name = row._meta.model_name
    may = reader.has_perm(f"campaigns.view_{name}")
    return reverse(f"admin:campaigns_{name}_change", args=[row.pk]) if may else ""


def _reminded(campaigns: Sequence[Campaign]) -> dict[int, set[Reminded]]:
    """Which reminders somebody wants, by campaign."""
    wanted = defaultdict[int, set[Reminded]](set)
    pledges = Pledge.objects.standing().filter(campaign__in=campaigns, remind__in=LEADS).order_by()
    for campaign, remind in pledges.values_list("campaign", "remind").distinct():
        wanted[campaign].add(Reminded(remind))
    return wanted
