"""Pictures of sheets: drawn anew, sealed for the data officer before they are stored, opened one at a time for a written reason, and
gone with the time of their petition."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.drawing import pictures
from operations.recovery import sealing
from petitions import reveal
from petitions.models import PaperBatch, PaperScan, Petition, Reveal
from petitions.paper.entering import Decided, NotHere


class EnoughSheets(Exception):
    "A batch can't have more sheets than signatures."


@dataclass(frozen=True)
class Opened:
    """`content`: an age file, which the data officer's key opens. `number`: that of the record of it."""

    name: str
    content: bytes
    number: int


def sealed(file: BinaryIO, size: int) -> bytes:
    """An age file of the picture in `file`, which in clear is nowhere but in memory. Raises ValidationError for what is none."""
    drawn, out = pictures.anew(file, size), io.BytesIO()
    sealing.seal(io.BytesIO(drawn.content), out, sealing.recipients(settings.EXPORT_RECIPIENTS))
    return out.getvalue()


def keep(batch: PaperBatch, content: bytes, by: User) -> PaperScan:
    """`content`: what was sealed. Raises NotHere, Decided, EnoughSheets."""
    with transaction.atomic():
        locked = PaperBatch.objects.allowed().select_for_update(no_key=True, of=("self",)).filter(pk=batch.pk).first()
        if locked is None:
            raise NotHere
        if locked.withdrawn_at:
            raise Decided
        if locked.scans.count() >= locked.count:
            raise EnoughSheets
        return PaperScan.objects.create(batch=locked, content=content, added_by=by)


def open_one(scan: PaperScan, reason: str, by: User) -> Opened | None:
    """None where it is gone, which uses up nothing. Raises TooMany (petitions/reveal.py)."""
    with transaction.atomic():
        reveal.take_turn(by)
        batches = PaperBatch.objects.allowed()
        row = PaperScan.objects.select_related("batch").filter(pk=scan.pk, batch__in=batches).first()
        if row is None:
            return None
        number = reveal.note(row.pk, row.batch.petition_id, by, reason, Reveal.Kind.SHEET)
    return Opened(f"sheet-{row.name}.jpg.age", bytes(row.content), number)


def forget() -> None:
    """Pictures go when we forget who signed the petition, and at once where the safety level has no paper any more."""
    over = Petition.objects.past_retention(timezone.now())
    kept = PaperBatch.objects.allowed().exclude(petition__in=over)
    PaperScan.objects.exclude(batch__in=kept).delete()
