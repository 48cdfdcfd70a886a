"""What we publish under our signature (Ed25519, RFC 8032), so that anybody can check later that it is what we said."""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.models import SigningKey


def current() -> SigningKey:
    """The key that signs now. The first time there is none yet: one is made."""
    return SigningKey.objects.order_by("-since").first() or new()


def sign(key: SigningKey, content: bytes) -> bytes:
    """64 bytes."""
    secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.secret))
    return secret.sign(content)


def is_ours(key: SigningKey, content: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes(key.public)).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def new() -> SigningKey:
    secret = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        public=secret.public_key().public_bytes_raw(), secret=base64.b64encode(secret.private_bytes_raw()).decode()
    )
