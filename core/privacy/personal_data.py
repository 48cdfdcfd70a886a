"""Which models keep an address of somebody beside signatures. Whoever shows, erases or hashes anew what we keep of people goes
through these (petitions/personal_data.py, petitions/rotation.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import models


class KeepsAddress(Protocol):
    """A row of such a model: the columns of core/privacy/mailboxes.py, and what its owner is told."""

    hash_rule: int

    @property
    def email(self) -> str: ...
    @property
    def address_hash(self) -> bytes | memoryview: ...
    @property
    def hash_version(self) -> int: ...
    @property
    def mailed_at(self) -> datetime | None: ...

    def told(self) -> dict[str, Any]:
        """All that is kept, as JSON knows it. `what` and `campaign` are shown on the own page as “what: campaign”."""


Kept = TypeVar("Kept", bound=KeepsAddress)
_models: list[type[models.Model]] = []


def keeps_address(model: type[Kept]) -> type[Kept]:
    """Register the decorated model."""
    assert issubclass(model, models.Model)
    _models.append(model)
    return model


def with_address() -> list[type[models.Model]]:
    """Every registered model."""
    return list(_models)
