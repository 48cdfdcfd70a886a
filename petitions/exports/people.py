"""Whom an export holds: who agreed, whose signature counts, and who has not taken it back, at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import xor
from uuid import UUID

from petitions.exports.purposes import definition, fits
from petitions.models import Export, ExportPart, Signature, SignatureQuerySet


def people(export: Export) -> SignatureQuerySet:
    """Without those who have confirmed after it was begun: they would come in between parts."""
    if not fits(export):
        return Signature.objects.none()
    agreed = Signature.objects.counting().kept().filter(petition=export.petition_id)
    agreed = agreed.exclude(**{definition(export).consent: None})
    return agreed.filter(confirmed_at__lt=export.began_at) if export.began_at else agreed


def between(export: Export, after: UUID | None, upto: UUID | None = None) -> SignatureQuerySet:
    """Those after one row, up to another one included, in the order of their ids."""
    rows = people(export).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    return rows.filter(pk__lte=upto) if upto else rows


def fold(ids: Iterable[UUID], other: bytes = bytes(16)) -> bytes:
    """16 bytes that are the same for the same people and, ids being random, for no others. `other`: that of those before them."""
    return reduce(xor, (one.int for one in ids), int.from_bytes(other)).to_bytes(16)


def is_stale(part: ExportPart) -> bool:
    """Whether somebody in it has left since it was written."""
    ids = between(part.export, part.after, part.upto).values_list("pk", flat=True)
    return fold(ids.iterator()) != bytes(part.fold)
