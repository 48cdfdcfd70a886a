from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack

from django.db.models import Q
from django.utils import timezone

from core import observations
from core.locks import one_at_a_time
from core.mail.outbox import take_turn
from core.owners import with_owner
from core.periodic import periodic
from core.postgres import replica
from petitions import alerts, forgetting, hourly, jobs, mails, moderation, recount, voices
from petitions import tally as tallies
from petitions.exports import writing
from petitions.models import LinkRequest, Petition, Signature
from petitions.paper import scanning

log = logging.getLogger(__name__)


@periodic("petitions.send_confirmations", seconds=600, alone=False)
def send_confirmations() -> None:
    """Each sender takes the shares that no other one has, until its turn ends."""
    with ExitStack() as turns:
        take_turn(Signature, mails.confirmation, _free_shares(turns))


def _free_shares(turns: ExitStack) -> Iterator[Q]:
    for share in mails.waiting_shares():
        if turns.enter_context(one_at_a_time("petitions.send_confirmations", share)):
            yield mails.of_share(share)


@periodic("petitions.bring_mails_forward")
def bring_mails_forward() -> None:
    mails.bring_forward()


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
    faults = replica.read(lambda using: [*recount.differences(using), *recount.wrong_sums(using)])
    for fault in faults:
        log.error("recount: %s", fault)
    (observations.note if faults else observations.clear)(observations.RECOUNT_DIFFERS)


@periodic("petitions.forget", seconds=600)
def forget() -> None:
    """What was never confirmed, who signed, and pictures of sheets, when their time has come; what is left after five minutes waits
    for the next hour. What a release without voices confirmed beside us is offered to the moderators."""
    voices.catch_up()
    scanning.forget()
    ends = time.monotonic() + 300
    while forgetting.forget() and time.monotonic() < ends:
        pass


@periodic("petitions.carry_out")
def carry_out() -> None:
    jobs.work()


@periodic("petitions.expire_decisions")
def expire_decisions() -> None:
    moderation.expire()


@periodic("petitions.write_exports", seconds=600)
def write_exports() -> None:
    """What has ended is forgotten first."""
    writing.forget()
    writing.take_turn()
