"""Staff say that a pack was handed over: from then on everybody can check it, and it is one of the campaign's key moments."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from campaigns.models import Delivery, KeyMoment, MomentPicture
from core.drawing.pictures import Picture


class NotToBeRecorded(Exception):
    """It was not fetched, somebody has recorded it already, or the safety level was raised since."""


class NotRecorded(Exception):
    """Nobody has said yet that it was handed over."""


def record(delivery: Delivery, at: datetime, receipt: str, picture: Picture | None = None, alt: str = "") -> KeyMoment:
    """In one transaction with the key moment. `receipt`: the number that the office gave it, "" for none. `alt`: what can be seen on
    the picture. Raises NotToBeRecorded, also for a picture where no faces may be shown."""
    with transaction.atomic():
        rows = Delivery.objects.select_related("campaign", "target").select_for_update(no_key=True, of=("self",))
        locked = rows.get(pk=delivery.pk)
        if not locked.may_be_recorded or (picture and not locked.campaign.policy.shows_faces):
            raise NotToBeRecorded
        locked.handed_over_at, locked.receipt = at, receipt
        moment = KeyMoment.objects.create(campaign=locked.campaign, starts_at=at, **_words(locked))
        if picture:
            drawn = {"content": picture.content, "width": picture.width, "height": picture.height}
            MomentPicture.objects.create(moment=moment, alt=alt, **drawn)
        locked.moment = moment
        locked.save(update_fields=["handed_over_at", "receipt", "moment"])
    return moment


def note_receipt(delivery: Delivery, receipt: str) -> str:
    """The number often comes days after the handover. Returns the one from before, "" for none. Its key moment has it too, unless
    staff have rewritten that; its translations stay as they are. Raises NotRecorded."""
    with transaction.atomic():
        rows = Delivery.objects.select_related("campaign", "target").select_for_update(no_key=True, of=("self",))
        locked = rows.get(pk=delivery.pk)
        if locked.handed_over_at is None:
            raise NotRecorded
        before, text = locked.receipt, _words(locked)["text"]
        locked.receipt = receipt
        locked.save(update_fields=["receipt"])
        moments = KeyMoment.objects.standing().select_for_update(no_key=True)
        if moment := moments.filter(pk=locked.moment_id or 0, text=text).first():
            moment.text = _words(locked)["text"]
            moment.save(update_fields=["text"])
    return before


def _words(delivery: Delivery) -> dict[str, str]:
    """In the language of the campaign, as staff write its other moments."""
    with translation.override(delivery.campaign.language):
        title = gettext("The petition was handed over: %(target)s") % {"target": delivery.target.translated.name}
        texts = [gettext("Receipt number: %(number)s.") % {"number": delivery.receipt}] if delivery.receipt else []
        check = settings.SITE_URL + delivery.get_absolute_url()
        texts.append(gettext("What was handed over, and how to check it: %(address)s") % {"address": check})
    return {"title": title[:200], "text": " ".join(texts)}
