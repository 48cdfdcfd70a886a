"""What we publish under our signature (Ed25519, RFC 8032), so that anybody can check later that it is what we said.

The public keys that count as ours are pinned in SNAPSHOT_KEYS, outside the database: whoever can write to the database can put a
key there, but can't make it ours.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from core.models import SigningKey


def current() -> SigningKey:
    """The key that signs now: the pinned one with the latest date; before any is pinned, the newest. One is made if there is none."""
    keys = {bytes(key.public): key for key in SigningKey.objects.defer("secret").order_by("since")}
    pinned = [public for public in settings.SNAPSHOT_KEYS if public in keys]
    if pinned:
        # Of two with one date, the one listed later.
        return keys[max(reversed(pinned), key=lambda public: settings.SNAPSHOT_KEYS[public])]
    return list(keys.values())[-1] if keys else new()


def is_pinned(public: bytes) -> bool:
    return public in settings.SNAPSHOT_KEYS


def sign(key: SigningKey, content: bytes) -> bytes:
    """64 bytes."""
    return _private(key).sign(content)


def verifies(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether `signature` was made for `content` with the private half of `public`; whose key that is, is_pinned says."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def new() -> SigningKey:
    secret = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        public=secret.public_key().public_bytes_raw(), secret=base64.b64encode(secret.private_bytes_raw()).decode()
    )


def to_pin() -> str:
    """What SNAPSHOT_KEYS should be, as `date:hex,…`, oldest first: what is pinned already, and each key in the database whose
    private half only a holder of FIELD_KEYS can have written."""
    dates = dict(settings.SNAPSHOT_KEYS)
    for pk in SigningKey.objects.order_by("since").values_list("pk", flat=True):
        try:
            key = SigningKey.objects.get(pk=pk)
            public = _private(key).public_key().public_bytes_raw()
        except (InvalidToken, ValueError):
            continue
        if public == bytes(key.public):
            dates.setdefault(public, key.since.date())
    return ",".join(f"{date}:{public.hex()}" for public, date in sorted(dates.items(), key=lambda item: item[1]))


def _private(key: SigningKey) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.secret))
