"""Second looks: who was taken out asks for one, and moderators count the signature again or say why it stays.

Asking changes nothing. Counting again is a decision like any other, under the same limits (petitions/moderation.py).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import regex
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.crypto.hashes import keyed_hash
from petitions import moderation
from petitions.models import Decision, Petition, SecondLook, Signature

# A vowel sign, or an accent that no letter has built in, is part of its word.
LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}]*")


def may_ask(signature: Signature) -> bool:
    """Whether staff keep it out, and nobody of its mailbox has asked about that decision."""
    if signature.decision_id is None or signature.confirmed_at is None or signature.withdrawn_at:
        return False
    if signature.email is None:
        return False
    mailbox = Signature.objects.for_address(signature.email)
    asked = SecondLook.objects.filter(decision=signature.decision_id, signature__in=mailbox)
    # What was withdrawn before anybody answered is read by nobody.
    return not asked.exclude(answered_at=None, signature__withdrawn_at__isnull=False).exists()


def ask(signature: Signature, words: str = "") -> bool:
    """Whether it was asked just now: a second time, or for what is not kept out by staff, nothing happens."""
    with transaction.atomic():
        # Two clicks at once are one after the other.
        row = Signature.objects.select_for_update(no_key=True).get(pk=signature.pk)
        decision = row.decision
        if decision is None or not may_ask(row):
            return False
        SecondLook.objects.create(
            signature=row,
            petition=row.petition,
            decision=decision,
            words=words or None,
            words_hash=_hash(words, decision),
        )
    return True


def count_again(looks: QuerySet[SecondLook], by: User, choice: dict[str, Any] | None = None) -> list[Decision]:
    """Ask for the signatures of those that wait to be put back: what one person may do alone is done."""
    waiting = SecondLook.objects.waiting().filter(pk__in=looks.order_by().values("pk"))
    chosen = list(waiting.values_list("signature", flat=True))
    rows = Signature.objects.filter(pk__in=chosen)
    petitions = Petition.objects.filter(pk__in=rows.order_by().values("petition"))
    return [
        decision
        for petition in petitions
        for decision in moderation.restore(petition, rows.filter(petition=petition), by, choice)
    ]


def keep(looks: QuerySet[SecondLook], by: User, reason: str) -> list[SecondLook]:
    """Those of them that waited stay as they are, and their owners see the reason, a Decision.Reason; which."""
    with transaction.atomic():
        waiting = SecondLook.objects.waiting().filter(pk__in=list(looks.values_list("pk", flat=True)))
        chosen = list(waiting.select_for_update(of=("self",)).order_by("pk").defer("words"))
        _set(chosen, answer=reason, answered_by=by, answered_at=timezone.now())
    return chosen


def wait_again(looks: QuerySet[SecondLook]) -> list[SecondLook]:
    """What was answered waits for another answer; which."""
    with transaction.atomic():
        answered = SecondLook.objects.exclude(answered_at=None).filter(pk__in=list(looks.values_list("pk", flat=True)))
        chosen = list(answered.select_for_update().order_by("pk").defer("words"))
        _set(chosen, answer="", answered_by=None, answered_at=None)
    return chosen


def last_of(signatures: Iterable[Signature]) -> dict[Any, SecondLook]:
    """By signature of one mailbox, what was asked about the decision that keeps it out; about the last one, if it counts again."""
    signatures = list(signatures)
    looks = SecondLook.objects.filter(signature__in=signatures).select_related("signature").order_by("pk")
    by_decision = {look.decision_id: look for look in looks if look.answered_at or not look.signature.withdrawn_at}
    by_signature = {look.signature_id: look for look in looks}

    def about(row: Signature) -> SecondLook | None:
        own = by_signature.get(row.pk)
        if row.decision_id is None or (own and own.decision_id == row.decision_id):
            return own
        return by_decision.get(row.decision_id)

    return {row.pk: look for row in signatures if (look := about(row))}


def hash_anew() -> int:
    """By what they say under the current key and rule, so that a crowd stays one; how many rows."""
    changed = 0
    for look in SecondLook.objects.select_related("decision").iterator():
        new = _hash(look.words or "", look.decision)
        changed += SecondLook.objects.filter(pk=look.pk).exclude(words_hash=new).update(words_hash=new)
    return changed


def _set(looks: Iterable[SecondLook], **fields: object) -> None:
    SecondLook.objects.filter(pk__in=[look.pk for look in looks]).update(**fields)


def _hash(words: str, decision: Decision) -> bytes:
    """The same for what differs in case, figures and signs alone, and for all who say nothing about one decision."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", words).casefold())
    said = " ".join(LETTERS.findall(folded))
    return keyed_hash("words", said or f"{decision.pk}")[:16]
