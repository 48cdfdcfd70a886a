"""Addresses that other apps keep beside signatures (pledges, say): whoever looks after people's data looks after them too.

A model belongs here when it has `email`, `address_hash` and `hash_version`; its `told()` says what is kept in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from petitions.models import LinkRequest, Mailing, Signature

WANTED = {"email", "address_hash", "hash_version"}


def with_address() -> list[type[models.Model]]:
    found = apps.get_models()
    return [
        model
        for model in found
        if model is not Signature and {field.name for field in model._meta.concrete_fields} >= WANTED
    ]


def rows(hashes: list[bytes]) -> Iterable[Any]:
    """Everything kept elsewhere under one address."""
    for model in with_address():
        yield from model._default_manager.filter(address_hash__in=hashes)


def forget(hashes: list[bytes]) -> None:
    """As if it had never been there."""
    for model in with_address():
        model._default_manager.filter(address_hash__in=hashes).delete()


def forget_links(hashes: list[bytes]) -> bool:
    """Once no signature and nothing else is kept under this address, the links to its own page go too. Until then their owner
    needs them. True when they are gone."""
    if Signature.objects.kept().by(hashes).exists() or any(True for _ in rows(hashes)):
        return False
    LinkRequest.objects.filter(address_hash__in=hashes).delete()
    return True


def forget_last_traces(hashes: list[bytes]) -> bool:
    """The links, and the notes of which mails were begun, that of a pledge or of a row long gone among them. True as above."""
    gone = forget_links(hashes)
    if gone:
        Mailing.objects.filter(address_hash__in=hashes).delete()
    return gone
