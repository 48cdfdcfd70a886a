"""What people took back, in a file outside of PostgreSQL: a backup that is restored would bring it all back.

`note` adds a row to the transaction that it is about; `write_down` appends rows to the file, one JSON object a line, a few seconds
later. A backup holds the row if and only if it holds the change, so what is to be done again after a restore is exactly what the
file knows and the backup does not (operations/recovery/replaying.py). Lines hold ids and verbs, and of "this wasn't me" a keyed hash.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from socket import gethostname
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from operations.models import JournalEntry

BATCH = 1_000
# How long rows that are in the file stay in the database, and how far before its beginning a backup may miss a row.
ROWS_KEPT, OVERLAP = timedelta(days=7), timedelta(days=3)
# Longer than any backup is kept, and by a week.
FILES_KEPT = timedelta(days=40)


class Verb(StrEnum):
    WITHDRAW = "withdraw"
    ERASE = "erase"
    HIDE = "hide"
    UNSUBSCRIBE = "unsubscribe"
    KEEP_NAME = "keep name"
    # A row that was kept of somebody beside signatures is gone.
    FORGET = "forget"
    DELETE_ACCOUNT = "delete account"
    NOT_ME = "not me"


def note(verb: Verb, rows: QuerySet[Any]) -> None:
    """Of each of these rows, in the caller's transaction, before they change."""
    model = rows.model._meta.label
    JournalEntry.objects.bulk_create(
        JournalEntry(verb=verb, model=model, row=str(pk)) for pk in rows.values_list("pk", flat=True)
    )


def note_not_me(address_hash: bytes, hash_version: int, hash_rule: int) -> None:
    JournalEntry.objects.create(
        verb=Verb.NOT_ME, address_hash=address_hash, hash_version=hash_version, hash_rule=hash_rule
    )


def write_down(folder: Path) -> int:
    """Append what is not in the file yet; how many lines. They are on the disk before the rows are marked: whoever dies in
    between, or writes beside another one, leaves a line that is there twice, which does no harm. No transaction waits for a disk."""
    written = 0
    while number := _write_batch(folder):
        written += number
    return written


def oldest_unwritten() -> datetime | None:
    """When the first of those that are not in the file yet was noted; None: all are."""
    return JournalEntry.objects.filter(written_at=None).order_by("pk").values_list("at", flat=True).first()


def _write_batch(folder: Path) -> int:
    entries = list(JournalEntry.objects.filter(written_at=None).order_by("pk")[:BATCH])
    if entries:
        now = timezone.now()
        # Each machine has its own: folders of several ones can be laid together, and none needs another one's disk.
        _append(folder / f"journal-{now.astimezone(UTC).date()}-{gethostname()}.jsonl", "".join(map(_line, entries)))
        JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(written_at=now)
    return len(entries)


def _line(entry: JournalEntry) -> str:
    told: dict[str, object] = {"id": str(entry.pk), "at": entry.at.isoformat(), "verb": entry.verb}
    if entry.verb == Verb.NOT_ME:
        told |= {"hash": bytes(entry.address_hash or b"").hex()}
        told |= {"version": entry.hash_version, "rule": entry.hash_rule}
    else:
        told |= {"model": entry.model, "row": entry.row}
    return json.dumps(told) + "\n"


def _append(path: Path, lines: str) -> None:
    """Durably; after half a line, which a full disk or a dead process has left, a new one begins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        _write_all(descriptor, b"\n" * torn + lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)
        _forget_files(path.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path) -> tuple[list[JournalEntry], int]:
    """Every entry of the files in this folder once, in the order in which they were noted; and how many lines can't be read."""
    entries, unreadable = dict[uuid.UUID, JournalEntry](), 0
    for line in _lines(folder):
        try:
            entry = _parsed(line)
        except (ValueError, KeyError, TypeError):
            unreadable += 1
        else:
            entries[entry.pk] = entry
    return sorted(entries.values(), key=lambda entry: entry.pk), unreadable


def _lines(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("journal-*.jsonl")):
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())


def _parsed(line: bytes) -> JournalEntry:
    told = json.loads(line)
    entry = JournalEntry(
        id=uuid.UUID(told["id"]),
        at=datetime.fromisoformat(told["at"]),
        verb=Verb(told["verb"]),
        model=told.get("model", ""),
        row=told.get("row", ""),
    )
    if entry.verb == Verb.NOT_ME:
        entry.address_hash = bytes.fromhex(told["hash"])
        entry.hash_version, entry.hash_rule = int(told["version"]), int(told["rule"])
    return entry


def forget(folder: Path | None) -> None:
    """What no backup needs any more: rows that are in a file, and files that are older than every backup."""
    now = timezone.now()
    JournalEntry.objects.filter(written_at__lt=now - ROWS_KEPT).delete()
    JournalEntry.objects.filter(written_at=None, at__lt=now - FILES_KEPT).delete()
    if folder:
        _forget_files(folder)


def _forget_files(folder: Path) -> None:
    """By each machine in its own folder, too: the task of the night has its turn on one of them."""
    for path in folder.glob("journal-*.jsonl"):
        if path.name < f"journal-{(timezone.now() - FILES_KEPT).date()}":
            path.unlink(missing_ok=True)
