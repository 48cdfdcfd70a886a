"""What was acknowledged against what there is: nothing lost, nothing counted twice, every mail once or twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from cryptography.fernet import Fernet, MultiFernet

from tests.drill.load import Load
from tests.drill.units import wait_for
from tests.smtp import Mailbox

COUNTS = """
SELECT (SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NOT NULL),
       (SELECT coalesce(sum(signatures), 0) FROM petitions_tallybycountry),
       (SELECT count(*) FROM petitions_signature WHERE counts AND NOT counted),
       (SELECT count(*) FROM petitions_signature WHERE mail_due_at < now() + interval '5 minutes' AND mail_attempts < 2)
"""
# After two attempts staff decide: whether that mail came is asked of the mailbox, as of any other.
# A mail whose answer was lost, perhaps after it was taken, waits twenty minutes for its second try (core/mail/outbox.py).
LOST_ANSWERS = (
    "SELECT email FROM petitions_signature WHERE mail_attempts > 0 AND mail_due_at >= now() + interval '5 minutes'"
)
# A mail server that goes away takes the answer to one mail of each sender with it. docs/operations.md says so beside the results.
MOST_LOST_ANSWERS = 8

# (attempts at a mail, when it is due, since when it waits), of each signature that got none.
LEFT = """
SELECT mail_attempts, mail_due_at - now(), now() - signed_at, confirmed_at FROM petitions_signature WHERE mailed_at IS NULL OR counts AND NOT counted
"""


class Signed(Protocol):
    """Where people signed: on one machine, or on several (tests/hosts)."""

    load: Load
    mailbox: Mailbox
    environment: dict[str, str]

    def rows(self, query: str) -> list[tuple]: ...


@dataclass(frozen=True)
class Account:
    """`acknowledged`: signatures that were answered with 303; `unsent`: those of them that got no mail; `mailed_twice`, `mailed_more`: how
    many addresses got two mails, and more than two; `waiting`: those of the acknowledged whose mail may or may not have gone out."""

    acknowledged: int
    confirmed: int
    rows: int
    tally: int
    uncounted: int
    lost: list[str]
    unconfirmed: list[str]
    unsent: list[str]
    mailed_twice: int
    mailed_more: int
    waiting: int

    def balances(self) -> bool:
        return (
            not self.lost and not self.unconfirmed and not self.unsent and not self.uncounted
            and self.rows == self.tally and not self.mailed_more and self.waiting <= MOST_LOST_ANSWERS
        )  # fmt: skip


def take(site: Signed, seconds: float = 60) -> Account:
    """After everything had time to settle: signing has ended, so that mails and counts catch up."""
    try:
        wait_for(lambda: settled(site), seconds, "mails and counts")
    except AssertionError as error:
        raise AssertionError(f"{error}: {site.rows(LEFT)}") from error
    told = site.load.told
    emails = addresses(site)
    confirmed, tally, uncounted, _ = site.rows(COUNTS)[0]
    fernet = opener(site)
    waiting = {fernet.decrypt(email).decode() for (email,) in site.rows(LOST_ANSWERS)} & told.signed.keys()
    mails = Counter(envelope.rcpt_tos[0] for envelope in site.mailbox.received)
    return Account(
        acknowledged=len(told.signed),
        confirmed=len(told.confirmed),
        rows=confirmed,
        tally=int(tally),
        uncounted=uncounted,
        lost=[address for address in told.signed if address not in emails],
        unconfirmed=[address for address in told.confirmed if not emails.get(address)],
        unsent=[address for address in told.signed if not mails[address] and address not in waiting],
        mailed_twice=sum(number == 2 for number in mails.values()),
        mailed_more=sum(number > 2 for number in mails.values()),
        waiting=len(waiting),
    )


def opener(site: Signed) -> MultiFernet:
    """With all keys that the site has."""
    return MultiFernet([Fernet(key) for key in site.environment["FIELD_KEYS"].split(",")])


def addresses(site: Signed) -> dict[str, bool]:
    """Every address in the database, and whether its signature is confirmed."""
    fernet = opener(site)
    rows = site.rows("SELECT email, confirmed_at IS NOT NULL FROM petitions_signature WHERE email IS NOT NULL")
    return {fernet.decrypt(email).decode(): is_confirmed for email, is_confirmed in rows}


def settled(site: Signed) -> bool:
    _, _, uncounted, unmailed = site.rows(COUNTS)[0]
    return uncounted == 0 and unmailed == 0
