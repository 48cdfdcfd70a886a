"""Gives a pack out: once, to whoever asked for it, while it lives, and to nobody when somebody in it has left since."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from campaigns.models import Delivery, SealedPack
from petitions.exports.fetching import Fetched, Gone, NotYours

State = Delivery.State


class Stale(Exception):
    """Somebody in it has taken the consent back, or the safety level was raised: it is written anew."""


def fetch(delivery: Delivery, by: User) -> Fetched:
    """Spends the pack. Raises NotYours, Gone, Stale."""
    if delivery.asked_by_id != by.pk:
        raise NotYours
    with transaction.atomic():
        locked = _locked(delivery)
        sealed = SealedPack.objects.filter(delivery=locked).first()
        if locked.state != State.READY or locked.is_over or sealed is None:
            raise Gone
        if locked.is_outdated:
            raise Stale
        sealed.delete()
        locked.state = State.FETCHED
        locked.save(update_fields=["state"])
    return Fetched(f"{locked.name}.zip.age", bytes(sealed.content))


def write_anew(delivery: Delivery) -> None:
    """Without whoever has left it, and as the safety level is now."""
    with transaction.atomic():
        locked = _locked(delivery)
        if locked.state == State.READY and locked.is_outdated:
            SealedPack.objects.filter(delivery=locked).delete()
            # What was stamped is not what will be.
            locked.state, locked.stamp, locked.stamp_tries, locked.stamp_tried_at = State.WRITING, None, 0, None
            locked.save(update_fields=["state", "stamp", "stamp_tries", "stamp_tried_at"])


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_related("campaign").select_for_update(no_key=True, of=("self",))
    return rows.get(pk=delivery.pk)
