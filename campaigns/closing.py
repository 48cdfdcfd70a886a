"""A campaign is closed, and put away into the archive: what that leaves unpublished, and doing it, once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import status
from campaigns.models import Campaign, Status

CLOSES = (Status.INTEREST, Status.LIVE)


def may_close(campaign: Campaign) -> bool:
    """Whether people see it, and it is not over."""
    return campaign.status in CLOSES


def close(number: int) -> bool:
    """Closes the campaign with this id; returns False when there was nothing to close."""
    return _move(number, CLOSES, Status.CLOSED)


def put_away(number: int) -> bool:
    """Moves a closed campaign into the archive; returns False when it was not closed, or there already."""
    return _move(number, (Status.CLOSED,), Status.ARCHIVED)


def take_out(number: int) -> bool:
    """Takes a campaign out of the archive, closed as it was; returns False when it was not there."""
    return _move(number, (Status.ARCHIVED,), Status.CLOSED)


def _move(number: int, begins: Collection[str], ends: Status) -> bool:
    with transaction.atomic():
        campaign = status.locked(number)
        if campaign.status not in begins:
            return False
        before, campaign.status = campaign.status, ends
        campaign.save(update_fields=["status"])
        status.apply(campaign, before)
    return True


def unpublished(campaign: Campaign) -> Iterator[tuple[str, datetime | None]]:
    """What nobody outside has seen yet, and when it is to appear; None: nobody has said."""
    now = timezone.now()
    if not campaign.has_recap:
        recap = getattr(campaign, "recap", None)
        yield _("The recap"), recap.published_at if recap else None
    action = campaign.tweet_action
    if action and action.hides_hashtag:
        yield _("The hashtag #%(hashtag)s, which you keep back") % {"hashtag": action.hashtag}, action.hashtag_from
    for update in campaign.updates.standing().exclude(published_at__lte=now):
        yield _("The update “%(title)s”") % {"title": update.title}, update.published_at
    kit = getattr(campaign, "press_kit", None)
    if kit and kit.is_embargoed:
        yield _("The press kit, under embargo"), kit.embargo_until
    for moment in campaign.moments.coming(now):
        yield _("The moment “%(title)s”, still to come") % {"title": moment.title}, moment.starts_at
