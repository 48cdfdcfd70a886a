"""What one page hands to the next in its URL: readable by nobody but us, as long for one as for another, and good for a while."""

from __future__ import annotations

import base64
import binascii
import json
import time
import zlib
from datetime import timedelta

from cryptography.fernet import InvalidToken

from core.crypto.fields import fernet

# How many bytes are sealed, whatever they say: the longest name and address, and 500 letters of nearly every script.
ROOM = 1_500
PLAIN, PACKED = b"p", b"z"


class BadSeal(Exception):
    """Nothing that we sealed for this purpose."""


class TooOld(BadSeal):
    """We did, but too long ago."""


def seal(purpose: str, facts: dict[str, str]) -> str:
    """About 2,100 characters, safe in a path. Raises ValueError for more than there is room for."""
    text, kind = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(), PLAIN
    if len(text) > ROOM:
        text, kind = zlib.compress(text, 9), PACKED
    if len(text) > ROOM:
        raise ValueError("no room for so much")
    return fernet().encrypt(_label(purpose) + kind + text.ljust(ROOM, b" ")).decode().rstrip("=")


def unseal(purpose: str, token: str, lives: timedelta) -> dict[str, str]:
    """What was sealed no longer ago than it `lives`. Raises BadSeal, and TooOld as one of them."""
    body = _opened(purpose, token)
    # Fernet's own limit would also refuse what a machine whose clock is a minute ahead has just sealed.
    if fernet().extract_timestamp(_padded(token)) < time.time() - lives.total_seconds():
        raise TooOld
    kind, text = body[:1], body[1:]
    facts: dict[str, str] = json.loads(zlib.decompressobj().decompress(text) if kind == PACKED else text)
    return facts


def genuine(purpose: str, token: str) -> bool:
    """Whether we sealed it for this purpose, however long ago."""
    try:
        _opened(purpose, token)
    except BadSeal:
        return False
    return True


def _opened(purpose: str, token: str) -> bytes:
    try:
        # Python reads other spellings of the same bytes too.
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(_padded(token))) != _padded(token):
            raise BadSeal
        body = fernet().decrypt(_padded(token))
    except (InvalidToken, binascii.Error, ValueError) as error:
        raise BadSeal from error
    if not body.startswith(_label(purpose)):
        raise BadSeal
    return body.removeprefix(_label(purpose))


def _padded(token: str) -> bytes:
    return (token + "=" * (-len(token) % 4)).encode("ascii", "replace")


def _label(purpose: str) -> bytes:
    """Goes in front of what is sealed: nothing else under these keys begins so, in the database neither."""
    return f"outcry.sealed.{purpose}\0".encode()
