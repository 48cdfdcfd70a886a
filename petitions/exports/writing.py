"""Writes what was approved: part after part, each in one commit with how far the export is, so that a worker that dies loses one part
at most. What is sealed is sealed on its way; in clear it is on no disk, and never whole in memory."""

from __future__ import annotations

import gc
import hashlib
import io
import logging
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from core.postgres import replica
from core.prepared import fetch
from operations.recovery import sealing
from petitions.exports.files import WRITERS, Row
from petitions.exports.order import shuffled, unpacked
from petitions.exports.people import between, fold, people
from petitions.exports.purposes import definition, fits
from petitions.models import Export, ExportPart

log = logging.getLogger(__name__)
State = Export.State
# How many people a part has at most, and how many rows are read at once.
PART, BATCH = 100_000, 500
# How many seconds exports have before others in their queue have their turn; a part that is begun is finished.
TURN = 10.0
SEAL = "UPDATE petitions_exportpart SET content = %(content)s WHERE id = %(pk)s RETURNING id"


def take_turn() -> None:
    """Write parts of what is due, oldest first, for as long as a turn goes."""
    ends = time.monotonic() + TURN
    for export in Export.objects.filter(state=State.WRITING).order_by("began_at").select_related("petition"):
        try:
            _go_on(export, ends)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            # The database is away, or our time is over: the next turn goes on.
            raise
        except Exception:
            # One that can't be written holds up no other one; it is tried again until it expires.
            log.exception("%s can't be written", export)


def _go_on(export: Export, ends: float) -> None:
    while export.state == State.WRITING and not export.is_over and fits(export) and time.monotonic() < ends:
        write_next(export)


def forget() -> None:
    """What has expired, and what the safety level lets nobody have any more, goes with all that was written."""
    over = [export.pk for export in Export.objects.over()]
    over += [export.pk for export in Export.objects.open().select_related("petition") if not fits(export)]
    end(over)


def end(exports: Iterable[UUID]) -> None:
    with transaction.atomic():
        rows = Export.objects.open().filter(pk__in=exports).select_for_update(no_key=True)
        ended = list(rows.values_list("pk", flat=True))
        ExportPart.objects.filter(export__in=ended).update(content=None)
        Export.objects.filter(pk__in=ended).update(state=State.EXPIRED)


def write_next(export: Export) -> None:
    """The part that somebody has left since it was written, or the one after the last; without either it is ready."""
    stale = export.parts.filter(content=None, fetched_at=None).first()
    after = stale.after if stale else export.written_to

    def read(using: str) -> tuple[bytes, _Writing, bytes]:
        ids = between(export, after, stale.upto if stale else None).using(using).values_list("pk", flat=True)
        order = shuffled(export, islice(ids.iterator(), PART))
        writing = _Writing(export, order, using)
        return order, writing, writing.sealed() if order or stale else b""

    order, writing, content = replica.read(read)
    if not content:
        _finish(export)
        return
    part = stale or ExportPart(export=export, number=export.parts.count() + 1, after=after, upto=max(unpacked(order)))
    part.rows, part.fold = writing.rows, writing.fold
    part.size, part.sha256 = len(content), hashlib.sha256(content).hexdigest()
    part.written_at = timezone.now()
    _store(export, part, content)
    # What writes a sheet refers to itself: ten parts of it would wait side by side to be collected.
    gc.collect()


def _store(export: Export, part: ExportPart, content: bytes) -> None:
    """Unless somebody has written it, or it has ended, meanwhile."""
    with transaction.atomic():
        was = export.written_to
        export.refresh_from_db(from_queryset=Export.objects.select_for_update(no_key=True))
        if export.state != State.WRITING or export.written_to != was:
            return
        part.save()
        # Bound by the server: Django would write it into the statement, three times as long.
        fetch(SEAL, {"content": content, "pk": part.pk})
        export.written_to = max(part.upto, was) if was else part.upto
        export.save(update_fields=["written_to"])


def _finish(export: Export) -> None:
    rows = Export.objects.filter(pk=export.pk, state=State.WRITING)
    rows.update(state=State.READY)
    export.refresh_from_db(fields=["state"])


class _Writing:
    """One part on its way from the database into its seal. `rows`, `fold`: how many it holds, and whom, once it is sealed."""

    def __init__(self, export: Export, order: bytes, using: str) -> None:
        self.export, self.order, self.using, self.rows, self.fold = export, order, using, 0, fold([])

    def sealed(self) -> bytes:
        columns, out = definition(self.export).fields, io.BytesIO()
        chunks = WRITERS[self.export.format](columns, self._people())
        sealing.seal(_Readable(chunks), out, sealing.recipients(settings.EXPORT_RECIPIENTS))
        return out.getvalue()

    def _people(self) -> Iterator[Row]:
        """In this export's order; whoever has left since the rows were listed is not there any more."""
        order, fields = unpacked(self.order), definition(self.export).fields
        while batch := list(islice(order, BATCH)):
            rows = people(self.export).using(self.using).filter(pk__in=batch)
            found = {pk: texts for pk, *texts in rows.values_list("pk", *fields)}
            here = [pk for pk in batch if pk in found]
            self.rows, self.fold = self.rows + len(here), fold(here, self.fold)
            yield from ([text or "" for text in found[pk]] for pk in here)


class _Readable:
    """Chunks as a stream to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.left = chunks, b""

    def read(self, size: int = -1) -> bytes:
        while not self.left:
            chunk = next(self.chunks, None)
            if chunk is None:
                return b""
            self.left = chunk
        content, self.left = (self.left, b"") if size < 0 else (self.left[:size], self.left[size:])
        return content
