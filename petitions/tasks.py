from __future__ import annotations

import logging

from django.utils import timezone

from core import observations
from core.mail.outbox import take_turn
from core.owners import with_owner
from core.periodic import periodic
from petitions import alerts, forgetting, hourly, mails, moderation, recount
from petitions import tally as tallies
from petitions.models import LinkRequest, Petition, Signature

log = logging.getLogger(__name__)


@periodic("petitions.send_confirmations", seconds=600)
def send_confirmations() -> None:
    take_turn(Signature, mails.confirmation)


@periodic("petitions.send_links", seconds=600)
def send_links() -> None:
    take_turn(LinkRequest, mails.own_page)


@periodic("petitions.tally")
def tally() -> None:
    tallies.settle_all()


@periodic("petitions.hourly")
def take_hourly() -> None:
    for petition in with_owner(hourly.due(timezone.now())):
        hourly.take(petition)


@periodic("petitions.raise_alerts")
def raise_alerts() -> None:
    for petition in Petition.objects.confirming(timezone.now()):
        alerts.raise_alerts(petition)


@periodic("petitions.recount")
def recount_all() -> None:
    """Says where the tally is wrong and changes nothing: a wrong tally is a fault to be found, not to be painted over."""
    differences = recount.differences()
    for difference in differences:
        log.error("recount: %s", difference)
    (observations.note if differences else observations.clear)(observations.RECOUNT_DIFFERS)


@periodic("petitions.forget")
def forget() -> None:
    """What was never confirmed, and who signed, when its time has come."""
    forgetting.forget()


@periodic("petitions.expire_decisions")
def expire_decisions() -> None:
    moderation.expire()
