"""Claim, commit, send, mark: how a row that asks for a mail gets it, once, or twice when a worker dies in between.

A claim of one row moves `mail_due_at` past the end of its lease and counts an attempt; whoever knows that a mail was not sent
takes the attempt back. What a dead worker had claimed is due again for the one whose turn comes next. A row whose attempts are
used up is uncertain: it may have gone out, and staff decide (petitions/admin.py).
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from typing import TypeVar, cast

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from core import observations
from core.models import QueuedMail
from core.privacy.addresses import mailable

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=QueuedMail)

BATCH = 50
# No mail of a batch is begun later than this, so that whoever asked for one meanwhile does not wait behind all of them.
BEGUN_WITHIN = timedelta(seconds=30)
# How many seconds one kind of mail has before others in its queue have their turn, however slow the mail server is.
TURN = 30.0
# Longer than one mail can take with every wait that SMTP allows it.
LEASE = timedelta(minutes=10)
RETRY = timedelta(minutes=1)
TOO_MANY_REFUSED = 5
# The answer is lost, perhaps after the mail was taken.
LOST = (OSError, smtplib.SMTPServerDisconnected, SoftTimeLimitExceeded)


def take_turn(model: type[Row], compose: Callable[[Row], EmailMessage | None]) -> None:
    """Send what is due, batch after batch, for as long as a turn goes. Nobody else may have a turn for this model meanwhile."""
    take_back(model)
    ends = time.monotonic() + TURN
    while time.monotonic() < ends and send_due(model, compose):
        pass


def send_due(model: type[Row], compose: Callable[[Row], EmailMessage | None], batch: int = BATCH) -> int:
    """Send the mails that are due, at most `batch`; how many rows are done with, sent or not to be sent at all.

    `compose` answers None for a row that gets no mail.
    """
    waiting = deque(cast(list[Row], model.objects.due().order_by("mail_due_at")[:batch]))
    refused, done = list[Row](), 0
    if not waiting:
        return 0
    deadline = time.monotonic() + BEGUN_WITHIN.total_seconds()
    connection, fails = get_connection(), False
    try:
        connection.open()
        while waiting and time.monotonic() < deadline and len(refused) < TOO_MANY_REFUSED:
            row = waiting.popleft()
            if claim(row) and _send(connection, row, compose, refused):
                done += 1 + _give_up(refused)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server: %s", type(error).__name__)
        fails = True
    finally:
        if len(refused) < TOO_MANY_REFUSED:
            done += _give_up(refused)
        else:
            # So many in a row are no wrong addresses: it is us whom the server does not like just now.
            log.error("the mail server refuses everything")
            fails = True
            _release(refused)
        connection.close()
    if fails:
        observations.note(observations.MAIL_SERVER_FAILS)
    elif done:
        observations.clear(observations.MAIL_SERVER_FAILS)
    return done


def claim(row: QueuedMail) -> bool:
    """Take it for ourselves in one commit: nobody else sees it as due until its lease has run out. False: somebody else has it."""
    mine = type(row).objects.due().filter(pk=row.pk)
    return bool(mine.update(mail_due_at=timezone.now() + LEASE, mail_attempts=F("mail_attempts") + 1))


def take_back(model: type[QueuedMail]) -> int:
    """Make due again what one whose turn ended by its death had claimed; how many. Only for whoever has the turn.

    What waits for another try (RETRY), or longer than a lease because its answer was lost, is left alone.
    """
    now = timezone.now()
    claimed = model.objects.filter(mail_attempts__gt=0, mail_due_at__gt=now + RETRY, mail_due_at__lte=now + LEASE)
    return claimed.update(mail_due_at=now)


def _send(
    connection: BaseEmailBackend, row: Row, compose: Callable[[Row], EmailMessage | None], refused: list[Row]
) -> bool:
    """Whether this row is done with; one that is refused for good joins `refused`."""
    try:
        message = compose(row)
    except LOST:
        _release([row])
        raise
    except Exception:
        # Nothing was sent: a fault of ours, or of the database, that may pass.
        log.exception("mail can't be composed now: %s %s", type(row).__name__, row.pk)
        _release([row])
        return False
    if message is None:
        _mark(row, mailed=False)
        return True
    message.connection = connection
    try:
        _in_ascii(message)
        message.send()
    except smtplib.SMTPSenderRefused:
        _release([row])
        raise
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _for_good(error):
            refused.append(row)
        else:
            _release([row])
        return False
    except LOST:
        _wait_longer(row)
        raise
    except (ValueError, LookupError, MessageError):
        # A mail that can't even be written must not hold up those behind it.
        log.exception("mail can't be written: %s %s", type(row).__name__, row.pk)
        _mark(row, mailed=False)
        return True
    _mark(row, mailed=True)
    return True


def _in_ascii(message: EmailMessage) -> None:
    """In ASCII by our own rule: Django and smtplib would read Unicode domains by IDNA 2003, as other people's.

    Raises ValueError for what can't be mailed.
    """
    name, sender = parseaddr(message.from_email)
    message.from_email = formataddr((name, mailable(sender)))
    message.to = [mailable(address) for address in message.to]


def _give_up(refused: list[Row]) -> int:
    """Somebody else's mail was taken, or few were refused: then it is about these addresses."""
    number = len(refused)
    for row in refused:
        log.warning("mail refused for good: %s %s", type(row).__name__, row.pk)
        _mark(row, mailed=False)
    refused.clear()
    return number


def _for_good(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return all(code >= 500 for code, _ in error.recipients.values())


def _mark(row: QueuedMail, mailed: bool) -> None:
    type(row).objects.filter(pk=row.pk).update(mail_due_at=None, mailed_at=timezone.now() if mailed else None)


def _wait_longer(row: QueuedMail) -> None:
    """It may have been taken: a second try comes late, when the mail server is well again."""
    type(row).objects.filter(pk=row.pk).update(mail_due_at=timezone.now() + 2 * LEASE)


def _release(rows: Iterable[QueuedMail]) -> None:
    """These were certainly not sent: the attempt does not count, and they are due again soon."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(
            mail_due_at=timezone.now() + RETRY, mail_attempts=F("mail_attempts") - 1
        )
