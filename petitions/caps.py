"""How many mails one address gets, whoever asks for them. Over the cap a row stays unmailed; other links go on working."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Protocol, cast

from django.db.models import Model
from django.utils import timezone

from core.privacy.addresses import RULE
from core.privacy.mailboxes import hashed, look_up
from petitions.models import LinkRequest, Mailing, Suppression

# (how many, in which time)
EACH_PETITION = ((3, timedelta(hours=24)), (5, timedelta(days=30)))
ALL_PETITIONS = ((10, timedelta(hours=24)),)
OWN_PAGE = ((3, timedelta(hours=24)),)
REMEMBERED = timedelta(days=30)


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
    if is_suppressed(row.email):
        return False
    now = timezone.now()
    begun = Mailing.objects.filter(look_up(row.email)).exclude(row=row.pk)
    here = begun.filter(petition=row.petition_id)
    return all(here.filter(begun_at__gt=now - span).count() < most for most, span in EACH_PETITION) and all(
        begun.filter(begun_at__gt=now - span).count() < most for most, span in ALL_PETITIONS
    )


def is_suppressed(email: str) -> bool:
    """Whether its owner has said "this wasn't me"; under an older rule also the owner of what was taken for the same mailbox: nobody
    knows any more which one it was."""
    return Suppression.objects.filter(look_up(email)).exists()


def note(row: Asking) -> None:
    """This mail is about to be sent. Noted before, so that one whose end nobody saw counts too; sent again it counts once."""
    if row.hash_rule != RULE and row.email is not None:
        _follow_the_mail(row, row.email)
    facts = {
        "petition_id": row.petition_id,
        "address_hash": row.address_hash,
        "hash_version": row.hash_version,
        "hash_rule": row.hash_rule,
    }
    Mailing.objects.update_or_create(row=row.pk, defaults=facts)


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
