"""Somebody whose address was typed by somebody else: one button, and this address is left alone for good."""

from __future__ import annotations

import uuid

from django.db import transaction

from operations.recovery import journal
from petitions import personal_data
from petitions.models import Mailing, Signature, Suppression


def suppress(row: uuid.UUID) -> bool:
    """No mail with a button goes to the address that this row's mail went to; what waits for it, or is kept
    beside signatures, is deleted.

    False when it is so long ago that the address is not known any more. Doing it twice changes nothing.
    """
    mailing = Mailing.objects.filter(row=row).first()
    if mailing is None:
        return False
    leave_alone(bytes(mailing.address_hash), mailing.hash_version, mailing.hash_rule)
    return True


def leave_alone(address_hash: bytes, hash_version: int, hash_rule: int) -> None:
    """The same for whoever is known by a hash only."""
    with transaction.atomic():
        if not Suppression.objects.filter(address_hash=address_hash).exists():
            journal.note_not_me(address_hash, hash_version, hash_rule)
        stone = Suppression(address_hash=address_hash, hash_version=hash_version, hash_rule=hash_rule)
        Suppression.objects.bulk_create([stone], ignore_conflicts=True)
        Signature.objects.by([address_hash]).pending_among_few().delete()
        personal_data.forget_hash(address_hash)
