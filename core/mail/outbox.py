"""Claim, commit, send, mark: how a row that asks for a mail gets it, once, or twice when a worker dies in between.

A claim of one row moves `mail_due_at` past the end of its lease and counts an attempt; whoever knows that a mail was not sent
takes the attempt back. The mark of a sent mail is in the same commit as the claim of the next one. What a dead worker had claimed
is due again for the one whose turn comes next. A row whose attempts are used up is uncertain: it may have gone out, and staff decide
(petitions/admin.py).
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from functools import cache
from typing import Generic, TypeVar, cast

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.utils import timezone
from psycopg import sql

from core import observations, switches
from core.models import QueuedMail
from core.owners import owner_is_none_of
from core.prepared import fetch
from core.privacy.addresses import mailable
from core.switches import Switch

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=QueuedMail)
Compose = Callable[[Row], EmailMessage | None]
# A row whose mail was taken, and when.
Sent = tuple[QueuedMail, datetime]

BATCH = 50
# How many seconds one kind of mail has before others in its queue have their turn, however slow the mail server is.
TURN = 10.0
LEASE = QueuedMail.LEASE
RETRY = timedelta(minutes=1)
TOO_MANY_REFUSED = 5
# The answer is lost, perhaps after the mail was taken.
LOST = (OSError, smtplib.SMTPServerDisconnected, SoftTimeLimitExceeded)
EVERY_ROW = Q()
CLAIM = """
WITH sent AS (
    UPDATE {table} SET mail_due_at = NULL, mailed_at = %(at)s WHERE {key} = %(sent)s
), claimed AS (
    UPDATE {table} SET mail_due_at = %(until)s, mail_attempts = mail_attempts + 1
    WHERE {key} = %(row)s AND mail_due_at <= %(now)s AND mail_attempts < %(most)s
    RETURNING {key}
)
SELECT count(*) FROM claimed
"""


def take_turn(model: type[Row], compose: Compose[Row], parts: Iterable[Q] = (EVERY_ROW,)) -> None:
    """Send what is due, batch after batch, for as long as a turn goes. Nobody else may have a turn for these rows meanwhile.

    `parts`: of which rows, one part after the other, where several senders share a model; the next one is asked for when the one
    before is done. What the server thinks of us is judged by all of them together.
    """
    ends = time.monotonic() + TURN
    with _connected(compose) as sending:
        for part in parts:
            take_back(model, part)
            while sending.send_some(model, part, BATCH, ends):
                pass
            if sending.is_over(ends):
                return


def send_due(model: type[Row], compose: Compose[Row], batch: int = BATCH) -> int:
    """Send the mails that are due, at most `batch`; how many rows are done with, sent or not to be sent at all.

    `compose` answers None for a row that gets no mail.
    """
    with _connected(compose) as sending:
        sending.send_some(model, EVERY_ROW, batch, time.monotonic() + TURN)
    return sending.done


@contextmanager
def _connected(compose: Compose[Row]) -> Iterator[Sending[Row]]:
    """Ends it, and notes whether the mail server fails."""
    sending, fails = Sending(compose), False
    try:
        yield sending
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server: %s", type(error).__name__)
        fails = True
    finally:
        fails |= sending.end()
    if fails:
        observations.note(observations.MAIL_SERVER_FAILS)
    elif sending.done:
        observations.clear(observations.MAIL_SERVER_FAILS)


def claim(row: QueuedMail, sent: Sent | None = None) -> bool:
    """Take it for ourselves in one commit: nobody else sees it as due until its lease has run out. False: somebody else has it.

    The same commit says that `sent` went out.
    """
    now = timezone.now()
    went, at = sent or (None, now)
    facts = {"row": row.pk, "now": now, "until": now + LEASE, "most": row.ATTEMPTS, "at": at}
    [[claimed]] = fetch(_claim(type(row)), facts | {"sent": went and went.pk})
    return bool(claimed)


@cache
def _claim(model: type[QueuedMail]) -> str:
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(str(model._meta.pk.column))
    return sql.SQL(CLAIM).format(table=table, key=key).as_string(None)


def take_back(model: type[QueuedMail], only: Q = EVERY_ROW) -> int:
    """Make due again what one whose turn ended by its death had claimed; how many. Only for whoever has the turn.

    What waits for another try (RETRY), or longer than a lease because its answer was lost, is left alone.
    """
    now = timezone.now()
    claimed = model.objects.filter(only, mail_attempts__gt=0, mail_due_at__gt=now + RETRY, mail_due_at__lte=now + LEASE)
    return claimed.update(mail_due_at=now)


def not_held_back(model: type[QueuedMail]) -> Q:
    """Which rows may go: those that wait because mails are switched off keep their place, and lose nothing."""
    off = switches.where_off(Switch.MAIL)
    if model.held_by is None:
        return EVERY_ROW
    return owner_is_none_of(model, model.held_by, off if model.held_by else off & {None})


class Sending(Generic[Row]):
    """One connection to the mail server, and what becomes of the mails that go through it."""

    def __init__(self, compose: Compose[Row]) -> None:
        self.compose, self.connection = compose, get_connection()
        # What is held back now: a turn in which that changes is over.
        self.held_back = switches.where_off(Switch.MAIL)
        # Taken by the mail server, but not marked yet; refused for good; how many rows are done with.
        self.sent: Sent | None = None
        self.refused, self.done = list[Row](), 0

    def is_over(self, ends: float) -> bool:
        """No mail is begun later than `ends`, so that whoever asked for one meanwhile does not wait behind all of them."""
        switches.look(unless_within=1.0)
        is_changed = switches.where_off(Switch.MAIL) != self.held_back
        return is_changed or time.monotonic() >= ends or len(self.refused) >= TOO_MANY_REFUSED

    def send_some(self, model: type[Row], part: Q, batch: int, ends: float) -> bool:
        """Sends what is due of a part, at most `batch`; False when there was nothing, or nothing more is to be begun."""
        if self.is_over(ends):
            return False
        due = model.objects.due().filter(part & not_held_back(model))
        waiting = cast(list[Row], due.order_by("mail_due_at")[:batch])
        for row in waiting:
            if self.is_over(ends):
                return False
            self.connection.open()
            self.send(row)
        # Mail servers like to say how many mails one connection may carry.
        self.connection.close()
        return bool(waiting)

    def send(self, row: Row) -> None:
        """Claims the row, and sends its mail. Raises what says that no further mail can be sent now."""
        claimed = claim(row, self.sent)
        self.sent = None
        if claimed and self._send(row):
            self.done += 1
            if self.sent:
                self.done += self._give_up()

    def _send(self, row: Row) -> bool:
        """Whether this row is done with; one that is refused for good joins `refused`."""
        try:
            message = self.compose(row)
        except LOST:
            _release([row])
            raise
        except Exception:
            # Nothing was sent: a fault of ours, or of the database, that may pass.
            log.exception("mail can't be composed now: %s %s", type(row).__name__, row.pk)
            _release([row])
            return False
        if message is None:
            _end(row)
            return True
        message.connection = self.connection
        try:
            _in_ascii(message)
            message.send()
        except smtplib.SMTPSenderRefused:
            _release([row])
            raise
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            if _for_good(error):
                self.refused.append(row)
            else:
                _release([row])
            return False
        except LOST:
            _wait_longer(row)
            raise
        except (ValueError, LookupError, MessageError):
            # A mail that can't even be written must not hold up those behind it.
            log.exception("mail can't be written: %s %s", type(row).__name__, row.pk)
            _end(row)
            return True
        self.sent = row, timezone.now()
        return True

    def end(self) -> bool:
        """Marks what is still to be marked, and hangs up. True: so many in a row were refused that these are no wrong addresses, it
        is us whom the server does not like just now."""
        try:
            if self.sent:
                _end(*self.sent)
            disliked = len(self.refused) >= TOO_MANY_REFUSED
            if disliked:
                log.error("the mail server refuses everything")
                _release(self.refused)
            else:
                self.done += self._give_up()
            return disliked
        finally:
            self.connection.close()

    def _give_up(self) -> int:
        """Somebody else's mail was taken, or few were refused: then it is about these addresses."""
        number = len(self.refused)
        for row in self.refused:
            log.warning("mail refused for good: %s %s", type(row).__name__, row.pk)
            _end(row)
        self.refused.clear()
        return number


def _in_ascii(message: EmailMessage) -> None:
    """In ASCII by our own rule: Django and smtplib would read Unicode domains by IDNA 2003, as other people's.

    Raises ValueError for what can't be mailed.
    """
    name, sender = parseaddr(message.from_email)
    message.from_email = formataddr((name, mailable(sender)))
    message.to = [mailable(address) for address in message.to]


def _for_good(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return all(code >= 500 for code, _ in error.recipients.values())


def _end(row: QueuedMail, mailed_at: datetime | None = None) -> None:
    """No mail is to be sent any more; without `mailed_at` none was."""
    type(row).objects.filter(pk=row.pk).update(mail_due_at=None, mailed_at=mailed_at)


def _wait_longer(row: QueuedMail) -> None:
    """It may have been taken: a second try comes late, when the mail server is well again."""
    type(row).objects.filter(pk=row.pk).update(mail_due_at=timezone.now() + 2 * LEASE)


def _release(rows: Iterable[QueuedMail]) -> None:
    """These were certainly not sent: the attempt does not count, and they are due again soon."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(
            mail_due_at=timezone.now() + RETRY, mail_attempts=F("mail_attempts") - 1
        )
