"""Are the keys that we were started with the keys that the data was written with?"""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from core.crypto.hashes import current_version, keyed_hash
from core.models import KeyProof

TEXT = "outcry"


def write_proof(**kwargs: Any) -> None:
    """After every migration: a row for the current version of HASH_KEYS, if it has none yet."""
    if settings.FIELD_KEYS and settings.HASH_KEYS:
        version = current_version()
        proof = KeyProof(cipher=TEXT, hash_version=version, hash=keyed_hash("proof", TEXT))
        KeyProof.objects.bulk_create([proof], ignore_conflicts=True)


def wrong_keys() -> list[str]:
    """The names of the variables whose value does not fit the data."""
    wrong = set()
    try:
        for proof in KeyProof.objects.all():
            key_fits = proof.hash_version in settings.HASH_KEYS
            if not key_fits or bytes(proof.hash) != keyed_hash("proof", TEXT, proof.hash_version):
                wrong.add("HASH_KEYS")
    except InvalidToken:
        wrong.add("FIELD_KEYS")
    return sorted(wrong)
