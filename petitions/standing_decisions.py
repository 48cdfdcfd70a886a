"""What people decided stands for the mailbox: its owner can't shed it by withdrawing and confirming another link.

Looked at when confirming, never when signing: signing does the same work for every address.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from core.owners import with_owner
from core.privacy.address_hashes import address_hashes
from core.privacy.addresses import canonical
from petitions.models import Decision, Review, Signature, SignatureQuerySet, StandingDecision

# The first half of the key of a lock in PostgreSQL; the second is the petition.
LOCK = 0x0C41
# Once removed, an address is not merely set aside by what is decided about an older row of it.
BIND = """
INSERT INTO petitions_standingdecision AS standing (petition_id, address_hash, hash_version, hash_rule, review, decision_id)
SELECT DISTINCT ON (address_hash) petition_id, address_hash, hash_version, hash_rule, review, decision_id
FROM petitions_signature
WHERE id = ANY (%s) AND decision_id IS NOT NULL AND confirmed_at IS NOT NULL AND address_hash IS NOT NULL
ORDER BY address_hash
ON CONFLICT (petition_id, address_hash) DO UPDATE SET review = excluded.review, decision_id = excluded.decision_id
WHERE excluded.review = 'removed' OR standing.review <> 'removed'
"""


def wait_for_decisions(petition: int) -> None:
    """Confirming waits while a decision on this petition is carried out, and holds up no other confirmation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK, petition])


def hold_confirmations(petition: int) -> None:
    """Until the transaction ends nobody confirms a signature of this petition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, petition])


def taken_over(signature: Signature) -> dict[str, object]:
    """What a signature that is just being confirmed takes over from an earlier one of its mailbox, as fields to update."""
    if signature.email is None or not _are_any(signature.petition_id):
        return {}
    standing = signature.petition.standing_decisions.for_address(signature.email).order_by("-review").first()
    if standing is None:
        return {}
    own = When(review=Review.REMOVED, then=F("review"))
    return {
        "review": Case(own, default=Value(standing.review)),
        "decision": Case(When(review=Review.REMOVED, then=F("decision")), default=Value(standing.decision_id)),
    }


def _are_any(petition: int) -> bool:
    """Most petitions never have one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM petitions_standingdecision WHERE petition_id = %s)", [petition])
        return bool(cursor.fetchone()[0])


def bind(rows: list[uuid.UUID]) -> None:
    """What people took out binds the mailboxes that had confirmed it."""
    with connection.cursor() as cursor:
        cursor.execute(BIND, [rows])


def take_along(decision: Decision, rows: list[uuid.UUID]) -> list[uuid.UUID]:
    """What these mailboxes have confirmed in the place of these rows since is out as well; which ones that are."""
    since = _confirmed_since(decision, rows).exclude(decision=decision.pk).exclude(review=Review.REMOVED)
    along = list(since.values_list("pk", flat=True))
    review = Review.REMOVED if decision.kind == Decision.Kind.REMOVE else Review.QUARANTINED
    Signature.objects.filter(pk__in=along).update(review=review, decision=decision)
    return along


def _confirmed_since(decision: Decision, rows: list[uuid.UUID]) -> QuerySet[Signature]:
    """What stands under the mailboxes that had confirmed these; while a key is being replaced under another hash, too."""
    standing = Signature.objects.standing().filter(petition=decision.petition_id)
    bound = Signature.objects.confirmed().filter(pk__in=rows)
    if len(settings.HASH_KEYS) == 1:
        return standing.filter(address_hash__in=_hashes(bound))
    mailboxes = {canonical(row.email) for row in bound if row.email}
    others = standing.filter(address_hash__in=_hashes(bound))
    return standing.filter(pk__in=[row.pk for row in others if row.email and canonical(row.email) in mailboxes])


def told(address: str) -> list[dict[str, Any]]:
    """What is kept of decisions under one address, for its owner: petition, review, since, until; `days` after the closing when
    that is still to come."""
    rows = (
        with_owner(StandingDecision.objects.for_address(address), "petition").select_related("decision").order_by("pk")
    )
    return [
        {
            "petition": standing.petition,
            "review": standing.review,
            "since": standing.decision.decided_at,
            "until": standing.petition.forgets_at,
            "days": standing.petition.policy.kept_after_closing.days,
        }
        for standing in rows
    ]


def of_the_same_mailboxes(signatures: QuerySet[Signature]) -> QuerySet[Signature]:
    """Every confirmed row under an address that one of these was confirmed with, these included; of other petitions too."""
    return Signature.objects.confirmed().filter(address_hash__in=_hashes(signatures))


def lift(decision: Decision, rows: list[uuid.UUID]) -> None:
    """The mailboxes of these are bound no more; by what `decision` undoes alone, if it undoes something."""
    bound = StandingDecision.objects.filter(petition=decision.petition_id)
    if decision.undoes_id:
        bound = bound.filter(decision=decision.undoes_id)
    bound.filter(address_hash__in=_hashes(Signature.objects.filter(pk__in=rows))).delete()


def _hashes(signatures: QuerySet[Signature]) -> list[bytes]:
    """Under every key in force. A list, not a subquery: of a table that has grown much since it was last analyzed PostgreSQL
    joined the two row by row, for twenty minutes."""
    confirmed = cast(SignatureQuerySet, signatures).confirmed().exclude(address_hash=None)
    if len(settings.HASH_KEYS) == 1:
        return [bytes(one) for one in confirmed.values_list("address_hash", flat=True) if one]
    return [one for row in confirmed if row.email for one in address_hashes(row.email)]
