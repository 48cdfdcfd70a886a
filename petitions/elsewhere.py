"""Addresses that other apps keep beside signatures (pledges, say): whoever looks after people's data looks after them too.

A model belongs here when it has `email`, `address_hash`, `hash_version` and `hash_rule`; its `told()` says what is kept in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from core import mailboxes
from petitions.models import Signature

WANTED = {"email", "address_hash", "hash_version"}


def with_address() -> list[type[models.Model]]:
    found = apps.get_models()
    return [
        model
        for model in found
        if model is not Signature and {field.name for field in model._meta.concrete_fields} >= WANTED
    ]


def rows(address: str) -> Iterable[Any]:
    """Everything kept elsewhere under one address."""
    for model in with_address():
        yield from mailboxes.of(model._default_manager.all(), address)


def forget(address: str) -> None:
    """As if it had never been there."""
    for model in with_address():
        mailboxes.of(model._default_manager.all(), address).delete()


def forget_hash(address_hash: bytes) -> None:
    """The same for whoever is known by a hash only."""
    for model in with_address():
        model._default_manager.filter(address_hash=address_hash).delete()
