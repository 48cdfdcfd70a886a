"""Addresses that other apps keep beside signatures (pledges, say): whoever looks after people's data looks after them too.

A model belongs here when it is registered: `@keeps_address` (core/privacy/personal_data.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.privacy import mailboxes
from core.privacy.personal_data import KeepsAddress, with_address
from operations.recovery import journal
from operations.recovery.journal import Verb
from petitions.models import LinkRequest, Mailing, Signature


def rows(address: str) -> Iterator[KeepsAddress]:
    """Everything kept elsewhere under one address."""
    for model in with_address():
        kept: Iterable[Any] = mailboxes.for_address(model._default_manager.all(), address)
        yield from kept


def forget(address: str) -> None:
    """As if it had never been there."""
    for model in with_address():
        rows = mailboxes.for_address(model._default_manager.all(), address)
        journal.note(Verb.FORGET, rows)
        rows.delete()


def forget_hash(address_hash: bytes) -> None:
    """The same for whoever is known by a hash only; once nothing is kept under it, the links to the own page go too."""
    for model in with_address():
        model._default_manager.filter(address_hash=address_hash).delete()
    if not Signature.objects.kept().by([address_hash]).exists():
        LinkRequest.objects.filter(address_hash=address_hash).delete()


def forget_last_traces(address: str) -> bool:
    """Once no signature and nothing else is kept under this address, the links to its own page go, and the notes of which mails
    were begun, that of a pledge or of a row long gone among them. Until then their owner needs them. True when they are gone."""
    if Signature.objects.kept().for_address(address).exists() or any(True for _ in rows(address)):
        return False
    mailboxes.for_address(LinkRequest.objects.all(), address).delete()
    Mailing.objects.filter(mailboxes.look_up(address)).delete()
    return True
