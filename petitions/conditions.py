"""What may be wrong with signatures and their mails."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import observations
from operations.known_conditions import condition
from petitions import tally
from petitions.mail_delay import mail_is_late
from petitions.models import Job

LATE, BEHIND = timedelta(minutes=10), timedelta(minutes=2)


@condition(
    "confirmations",
    _("Confirmation mails are late"),
    _(
        "Signers are waiting for their link. Check whether the mail workers run, and how fast the mail server "
        "accepts mails."
    ),
    patience=timedelta(minutes=1),
)
def confirmations_are_late() -> bool:
    late = mail_is_late()
    return late is not None and late > LATE


@condition(
    "tally",
    _("Signatures are not counted"),
    _("Check whether the workers for the queue count run. No signature is lost: the next count includes all of them."),
    patience=timedelta(minutes=1),
)
def the_tally_is_behind() -> bool:
    """Confirmed for so long, and not counted; held for a minute too, so that what was withdrawn just now is no incident."""
    oldest = tally.lag().oldest
    return oldest is not None and oldest < timezone.now() - BEHIND


@condition(
    "recount",
    _("The recount differs from the published figures"),
    _("Last night's log names each difference. Nothing was changed: find out why before you correct anything."),
)
def the_recount_differs() -> bool:
    return observations.since(observations.RECOUNT_DIFFERS) is not None


@condition(
    "jobs",
    _("A decision on many signatures has failed"),
    _("Its page shows the error, and the workers' log says why. Continue it there, or cancel the rest."),
)
def a_job_has_failed() -> bool:
    return Job.objects.filter(state=Job.State.FAILED).exists()
