"""Writes packs that were asked for. In clear a pack is on no disk: it is sealed before it is stored."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from campaigns.delivering import pack, stamping
from campaigns.models import Delivery, NameForTarget, SealedPack
from operations.recovery import sealing

log = logging.getLogger(__name__)
State = Delivery.State


def take_turn() -> None:
    """Write what is due, the oldest first."""
    now = timezone.now()
    due = Delivery.objects.filter(stamping.may_be_written(now), state=State.WRITING, expires_at__gt=now)
    for delivery in due.select_related("campaign__petition", "target").order_by("asked_at"):
        try:
            write(delivery)
        except stamping.NotYet:
            # It is logged, and is due again in some minutes.
            continue
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            # The database is away, or our time is over: the next turn goes on.
            raise
        except Exception:
            # One that can't be written holds up no other one; it is tried again until it expires.
            log.exception("%s can't be written", delivery)


def forget() -> None:
    """What has expired goes with its pack."""
    with transaction.atomic():
        rows = Delivery.objects.over().select_for_update(no_key=True)
        ended = list(rows.values_list("pk", flat=True))
        SealedPack.objects.filter(delivery__in=ended).delete()
        Delivery.objects.filter(pk__in=ended).update(state=State.EXPIRED)


def write(delivery: Delivery) -> None:
    """Unless somebody has written it, or it has ended, meanwhile. Raises Unprintable, NotYet."""
    found = dict(NameForTarget.objects.for_delivery(delivery).values_list("pk", "signature__name"))
    made_at = timezone.now()
    contents = pack.contents(delivery, made_at, [name or "" for name in found.values()])
    made = pack.build(contents)
    sealed = io.BytesIO()
    sealing.seal(io.BytesIO(made.content), sealed, sealing.recipients(settings.EXPORT_RECIPIENTS))
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
        if locked.state != State.WRITING or locked.is_over:
            return
        if _hold(locked, found) != len(found):
            # Whoever has left since they were read is left out by the next turn.
            locked.people.clear()
            if made.stamp:
                # The authority has said yes: nothing makes that turn wait.
                locked.stamp_tries, locked.stamp_tried_at = 0, None
                locked.save(update_fields=["stamp_tries", "stamp_tried_at"])
            return
        locked.written_at, locked.signatures, locked.names = made_at, contents.signatures, len(found)
        locked.safety = delivery.campaign.safety
        locked.statement, locked.signed, locked.key, locked.stamp = made.statement, made.signed, made.key, made.stamp
        if made.stamp:
            # Not before: a process that dies while it seals has tried, and would ask for a stamp in each turn.
            locked.stamp_tries, locked.stamp_tried_at = 0, None
        locked.state = State.READY
        locked.save()
        SealedPack.objects.update_or_create(delivery=locked, defaults={"content": sealed.getvalue()})


def _hold(delivery: Delivery, names: Collection[int]) -> int:
    """These are in it, and stay until we commit; how many of them there still are. None of the rows is read: there may be many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM campaigns_delivery_people WHERE delivery_id = %s", [delivery.pk])
        cursor.execute(
            "INSERT INTO campaigns_delivery_people (delivery_id, namefortarget_id)"
            " SELECT %s, id FROM campaigns_namefortarget WHERE id = ANY(%s) AND taken_back_at IS NULL"
            " ORDER BY id FOR NO KEY UPDATE",
            [delivery.pk, list(names)],
        )
        held: int = cursor.rowcount
        return held
