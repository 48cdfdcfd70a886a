"""How many mails one address gets, whoever asks for them. Over the cap a row stays unmailed; other links go on working."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from django.db.models import Model
from django.utils import timezone

from core.prepared import fetch, insert
from core.privacy.addresses import RULE
from core.privacy.mailboxes import fingerprints, hashed, look_up
from petitions.models import LinkRequest, Mailing, Suppression

# One row for each mail of late with a button, and one without a time for "this wasn't me".
KNOWN = """
WITH address AS MATERIALIZED (
    SELECT * FROM unnest(%(rules)s::smallint[], %(hashes)s::bytea[]) AS address (hash_rule, address_hash)
)
SELECT petition_id, begun_at FROM petitions_mailing JOIN address USING (hash_rule, address_hash)
WHERE begun_at > %(since)s AND "row" <> %(row)s
UNION ALL
SELECT NULL, NULL FROM petitions_suppression JOIN address USING (hash_rule, address_hash)
"""
Limits = tuple[tuple[int, timedelta], ...]

# (how many, in which time)
EACH_PETITION = ((3, timedelta(hours=24)), (5, timedelta(days=30)))
ALL_PETITIONS = ((10, timedelta(hours=24)),)
OWN_PAGE = ((3, timedelta(hours=24)),)
REMEMBERED = timedelta(days=30)
FACTS = ("petition_id", "address_hash", "hash_version", "hash_rule")
# A mail that is sent again counts once, under the mailbox that it goes to now.
AGAIN = (
    '("row") DO UPDATE SET petition_id = excluded.petition_id, address_hash = excluded.address_hash, '
    "hash_version = excluded.hash_version, hash_rule = excluded.hash_rule"
)


class Asking(Protocol):
    """A row that asks for a mail with a button: a signature, or a pledge (campaigns/models)."""

    @property
    def pk(self) -> uuid.UUID: ...
    @property
    def email(self) -> str | None: ...
    @property
    def petition_id(self) -> int | None: ...
    @property
    def address_hash(self) -> bytes | memoryview | None: ...
    @property
    def hash_version(self) -> int | None: ...
    @property
    def hash_rule(self) -> int: ...


def may_write(row: Asking) -> bool:
    """Whether the address of this row may get one more mail with a button."""
    if row.email is None:
        return False
    now = timezone.now()
    rules, hashes = zip(*fingerprints(row.email), strict=True)
    parameters = {"rules": list(rules), "hashes": list(hashes), "since": now - REMEMBERED, "row": row.pk}
    moments = fetch(KNOWN, parameters)
    if any(begun_at is None for _petition, begun_at in moments):
        return False
    here = [begun_at for petition, begun_at in moments if petition == row.petition_id]
    everywhere = [begun_at for _petition, begun_at in moments]
    return _fewer(here, EACH_PETITION, now) and _fewer(everywhere, ALL_PETITIONS, now)


def _fewer(moments: list[datetime], limits: Limits, now: datetime) -> bool:
    return all(sum(moment > now - span for moment in moments) < most for most, span in limits)


def is_suppressed(email: str) -> bool:
    """Whether its owner has said "this wasn't me"; under an older rule also the owner of what was taken for the same mailbox: nobody
    knows any more which one it was."""
    return Suppression.objects.filter(look_up(email)).exists()


def note(row: Asking) -> None:
    """This mail is about to be sent. Noted before, so that one whose end nobody saw counts too; sent again it counts once."""
    if row.hash_rule != RULE and row.email is not None:
        _follow_the_mail(row, row.email)
    facts: dict[str, Any] = {name: getattr(row, name) for name in FACTS}
    insert(Mailing(row=row.pk, **facts), AGAIN)


def _follow_the_mail(row: Asking, email: str) -> None:
    """From now on this row is of the mailbox that its mail goes to."""
    columns = hashed(email)
    type(cast(Model, row))._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)


def may_see_own_page(request: LinkRequest) -> bool:
    now = timezone.now()
    mailed = LinkRequest.objects.filter(look_up(request.email)).exclude(pk=request.pk)
    return all(mailed.filter(mailed_at__gt=now - span).count() < most for most, span in OWN_PAGE)
