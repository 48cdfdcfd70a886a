"""What a signer can do: sign, confirm, hide, unsubscribe, withdraw, erase. Each is one fact and one commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from core.owners import with_owner
from core.prepared import insert, update
from core.privacy import domains
from core.privacy.address_hashes import address_hashes
from core.privacy.clients import short_hash
from core.privacy.mailboxes import hashed, make_room
from operations.recovery import journal
from operations.recovery.journal import Verb
from petitions import consent, handing, personal_data, standing_decisions, tally, voices
from petitions.models import Mailing, Petition, Review, SecondLook, Signature, SignatureQuerySet, Voice

# Nearly always: most petitions never have a decision that stands, and then one statement is all that confirming writes.
# Not IS NULL, for the reason that SignatureQuerySet.pending_among_few has.
WAITS_AND_NOTHING_IS_DECIDED = """id = %(pk)s AND coalesce(confirmed_at, 'infinity') = 'infinity' AND withdrawn_at IS NULL
AND NOT EXISTS (SELECT FROM petitions_standingdecision WHERE petition_id = %(petition)s)"""


class Submission(TypedDict):
    name: str
    email: str
    country: str
    comment: NotRequired[str]
    source: NotRequired[str]


class Confirmation(TypedDict):
    name: str
    country: str
    comment: NotRequired[str]
    show_name: NotRequired[bool]
    updates: bool
    others: bool
    hand_over: NotRequired[bool]


class AlreadyConfirmed(Exception):
    """This address stands under this petition already, through this link or another one."""


class LinkExpired(Exception):
    """The mail is older than 7 days, or the signature was taken back."""


def sign(
    petition: Petition,
    submission: Submission,
    language: str,
    client: bytes,
    quarantine: bool = False,
    seconds: int | None = None,
    mail_at: datetime | None = None,
) -> Signature:
    """One INSERT, whoever it is and whatever is there already: what only the mailbox may learn is not even looked up.

    Its mail is due at `mail_at`, or at once.
    """
    signature = Signature(
        petition=petition,
        email=submission["email"],
        name=submission["name"],
        comment=submission.get("comment", ""),
        country=submission["country"],
        language=language,
        form_text=consent.current_kept(consent.TYPING),
        **hashed(submission["email"]),
        client_hash=client,
        domain=domains.label(submission["email"]),
        name_hash=short_hash(" ".join(submission["name"].casefold().split())),
        seconds=seconds,
        source=(submission.get("source") or None) if petition.policy.sources else None,
        review=Review.QUARANTINED if quarantine or domains.is_disposable(submission["email"]) else Review.NONE,
        mail_due_at=mail_at or timezone.now(),
    )
    insert(signature)
    return signature


def confirm(signature: Signature, confirmation: Confirmation) -> None:
    """Make the signature stand, as its owner has just edited it; only what is ticked here is consent.

    Raises AlreadyConfirmed, LinkExpired.
    """
    if signature.confirmed_at:
        raise AlreadyConfirmed
    if signature.link_expired or signature.withdrawn_at or signature.erased_at:
        raise LinkExpired
    if _stands_under_another_key(signature):
        raise AlreadyConfirmed
    now, recipient = timezone.now(), handing.offered(signature.petition)
    words = consent.current_kept(consent.HANDING, recipient.name) if recipient else consent.current_kept()

    def when(ticked: bool) -> datetime | None:
        return now if ticked else None

    try:
        with transaction.atomic():
            standing_decisions.wait_for_decisions(signature.petition_id)
            changed = _make_stand(
                signature,
                **_in_force(signature),
                name=confirmation["name"],
                country=confirmation["country"],
                comment=confirmation.get("comment", ""),
                language=get_language() or signature.language,
                confirmed_at=now,
                consent_text_id=words.pk,
                show_name_at=when(confirmation.get("show_name", False)),
                updates_at=when(confirmation["updates"]),
                others_at=when(confirmation["others"]),
            )
            if changed and confirmation.get("show_name") and confirmation.get("comment"):
                voices.offer(signature)
            if changed and recipient and confirmation.get("hand_over"):
                handing.keeper().agree(signature, recipient, words)
    except IntegrityError as error:
        if signature.email is not None and make_room(_standing(signature), signature.email):
            confirm(signature, confirmation)
            return
        raise AlreadyConfirmed from error
    if not changed:
        raise AlreadyConfirmed


def _make_stand(signature: Signature, **fields: Any) -> int:
    """How many rows were changed: none if it stands already, or was taken back."""
    facts = {"pk": signature.pk, "petition": signature.petition_id}
    changed = update(Signature, WAITS_AND_NOTHING_IS_DECIDED, facts, **fields)
    if changed:
        return changed
    return (
        Signature.objects.filter(pk=signature.pk)
        .pending_among_few()
        .update(
            **fields,
            **standing_decisions.taken_over(signature),
        )
    )


def _stands_under_another_key(signature: Signature) -> bool:
    """While a hash key or the rule is being replaced the constraint sees two addresses where there is one mailbox."""
    if signature.email is None or len(address_hashes(signature.email)) == 1:
        return False
    return _standing(signature).for_address(signature.email).exists()


def _in_force(signature: Signature) -> dict[str, Any]:
    """What is confirmed stands under the key and the rule in force: so the constraint sees two that are confirmed at once."""
    return {**hashed(signature.email)} if signature.email is not None else {}


def standing(signature: Signature) -> Signature | None:
    """The one that stands for this mailbox under this petition, through this link or another one."""
    if signature.email is None:
        return None
    return with_owner(_standing(signature).for_address(signature.email), "petition").first()


def _standing(signature: Signature) -> SignatureQuerySet:
    return Signature.objects.standing().filter(petition=signature.petition_id)


def hide(signatures: QuerySet[Signature]) -> None:
    """No name and no comment of these is shown any more."""
    with transaction.atomic():
        journal.note(Verb.HIDE, signatures.exclude(show_name_at=None))
        signatures.update(show_name_at=None)


def unsubscribe(signatures: QuerySet[Signature]) -> None:
    with transaction.atomic():
        journal.note(Verb.UNSUBSCRIBE, signatures.exclude(updates_at=None, others_at=None))
        signatures.update(updates_at=None, others_at=None)


def keep_name(signatures: QuerySet[Signature]) -> None:
    """No name of these is handed to anybody any more; one that was delivered can't be called back."""
    with transaction.atomic():
        journal.note(Verb.KEEP_NAME, signatures)
        handing.keeper().take_back(signatures)


def withdraw(signature: Signature) -> None:
    """It no longer counts; the address may sign again."""
    with transaction.atomic():
        rows = Signature.objects.filter(pk=signature.pk, withdrawn_at=None)
        journal.note(Verb.WITHDRAW, rows)
        handing.keeper().take_back(rows)
        rows.update(withdrawn_at=timezone.now(), show_name_at=None, updates_at=None, others_at=None)


def erase(signature: Signature) -> bool:
    """The signer's wish: withdrawn, tallied, then blank; with what is kept elsewhere under the same address.

    True when nothing is kept under it any more, its links to the own page included. What a person decided stays
    (petitions/standing_decisions.py).
    """
    with transaction.atomic():
        journal.note(Verb.ERASE, Signature.objects.kept().filter(pk=signature.pk))
        if signature.email is not None:
            personal_data.forget(signature.email)
        withdraw(signature)
        tally.settle_one(signature.pk)
        blank(Signature.objects.filter(pk=signature.pk))
        return signature.email is None or personal_data.forget_last_traces(signature.email)


def forget_sources(petitions: QuerySet[Petition]) -> int:
    """Through which links people came goes where the safety level keeps none: it may have been raised since they signed."""
    return Signature.objects.filter(petition__in=petitions).exclude(source=None).update(source=None)


def blank(signatures: QuerySet[Signature]) -> int:
    """Forget who it was; whether it counts stays as it is. Retention does this alone."""
    rows = list(signatures.values_list("pk", flat=True))
    Mailing.objects.filter(row__in=rows).delete()
    Voice.objects.filter(signature__in=rows).delete()
    SecondLook.objects.filter(signature__in=rows).delete()
    handing.keeper().forget(rows)
    return signatures.filter(erased_at=None).update(
        email=None,
        name=None,
        comment=None,
        address_hash=None,
        hash_version=None,
        client_hash=None,
        domain="",
        name_hash=None,
        source=None,
        show_name_at=None,
        updates_at=None,
        others_at=None,
        mail_due_at=None,
        erased_at=timezone.now(),
    )
