"""The watermark: no two exports have people in the same order, and nobody in them is invented.

Within a part people stand in the order of a keyed hash of their row. Whoever has the key can tell from any dozens of them, whatever
else was taken out, whether they stand as in that export; whoever has only the file sees chance.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from uuid import UUID

from petitions.models import Export

RANK = 32


def rank(export: Export, row: UUID) -> bytes:
    """What a row is sorted by in this export: RANK bytes."""
    return hmac.digest(bytes.fromhex(export.secret), row.bytes, hashlib.sha256)


def shuffled(export: Export, rows: Iterable[UUID]) -> bytes:
    """The same rows in this export's order, 16 bytes each. Sorted heap by heap: 100,000 take 7 MB at most."""
    heaps = [bytearray() for _ in range(256)]
    for row in rows:
        place = rank(export, row)
        heaps[place[0]] += place + row.bytes
    return b"".join(one[-16:] for heap in heaps for one in sorted(_cut(bytes(heap), RANK + 16)))


def unpacked(order: bytes) -> Iterator[UUID]:
    return (UUID(bytes=one) for one in _cut(order, 16))


def _cut(packed: bytes, size: int) -> Iterator[bytes]:
    return (packed[at : at + size] for at in range(0, len(packed), size))
