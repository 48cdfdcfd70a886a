"""A text column that is readable only with FIELD_KEYS."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

if TYPE_CHECKING:
    AnyTextField = models.TextField[Any, Any]
else:
    AnyTextField = models.TextField


def fernet() -> MultiFernet:
    """The first key encrypts, every key decrypts: a new key goes in front, and rows follow at leisure."""
    return _fernet(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(AnyTextField):
    """Stores a Fernet token. It can be tested for null; nothing else can be asked of it in a query."""

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else fernet().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, *args: object) -> str | None:
        return None if value is None else fernet().decrypt(value).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it can't be searched by {lookup_name}.")
        return super().get_lookup(lookup_name)
