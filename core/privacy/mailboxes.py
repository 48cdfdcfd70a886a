"""Whose a row is. Rows hold the hash of an address with the version of its key and the rule that told mailboxes apart then
(core/privacy/addresses.py). They are looked up under every key and rule; where an older rule took two mailboxes for one, the
address decides.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol, TypedDict, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from core.crypto.hashes import current_version
from core.privacy.address_hashes import address_hash, address_hashes
from core.privacy.addresses import RULE, RULES, canonical, moved

Model = TypeVar("Model", bound=models.Model)


class Columns(TypedDict):
    address_hash: bytes
    hash_version: int
    hash_rule: int


class Row(Protocol):
    hash_rule: int

    @property
    def email(self) -> str | None: ...
    @property
    def mailed_at(self) -> datetime | None: ...


def hashed(address: str) -> Columns:
    """The columns of a row of this address, under the key and the rule in force."""
    return {"address_hash": address_hash(address), "hash_version": current_version(), "hash_rule": RULE}


def look_up(address: str) -> Q:
    """Every row whose hash fits. An older rule may bring those of another mailbox along, which is right for what protects people
    and keeps no address ("this wasn't me", caps on mails); `for_address` leaves them out."""
    found = Q()
    for rule, fingerprint in fingerprints(address):
        found |= Q(hash_rule=rule, address_hash=fingerprint)
    return found


def fingerprints(address: str) -> list[tuple[int, bytes]]:
    """(rule, hash) of every row that may be of this address: what `look_up` looks for."""
    return [(rule, fingerprint) for rule in RULES for fingerprint in address_hashes(address, (rule,))]


def for_address(rows: models.QuerySet[Model], address: str) -> models.QuerySet[Model]:
    """Those of one mailbox among rows that keep their address."""
    found: models.QuerySet[Any] = rows.filter(look_up(address))
    others = [row.pk for row in found.exclude(hash_rule=RULE) if not same(row.email, address)]
    return found.exclude(pk__in=others) if others else found


def same(one: str | None, other: str) -> bool:
    return one is not None and canonical(one) == canonical(other)


def make_room(rows: models.QuerySet[Any], address: str) -> bool:
    """Where a constraint says that this address is there already, an older rule may have put another mailbox in its place: that
    one moves to its own. Whether there was any."""
    moved = 0
    for row in rows.filter(look_up(address)).exclude(hash_rule=RULE):
        if not same(row.email, address):
            # Its own place is taken only by a row of its own mailbox: `hash_anew` settles that.
            with suppress(IntegrityError), transaction.atomic():
                moved += rows.filter(pk=row.pk).update(**hashed(row.email))
    return moved > 0


def went_astray(row: Row) -> bool:
    """Whether its mail went to another mailbox than its own, as the first rule had it: nothing that was in it may be believed."""
    return row.hash_rule != RULE and row.mailed_at is not None and row.email is not None and moved(row.email)
