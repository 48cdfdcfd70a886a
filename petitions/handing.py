"""Names that signers let the addressee of their petition have. Petitions know no addressees: an app above keeps who agreed to whom,
and registers itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db.models import QuerySet

from petitions.models import ConsentText, Petition, Signature


class Recipient(NamedTuple):
    """`key` tells one from another; `name` is in the active language."""

    key: int
    name: str


class Given(NamedTuple):
    """What a signer agreed to. `left_us_at`: when a list with the name was written that staff have fetched, and may be on the way
    with. `taken_back_at`: None until the signer took it back after that. `delivered_at`: None until a list was handed over."""

    to: str
    agreed_at: datetime
    left_us_at: datetime | None
    taken_back_at: datetime | None
    delivered_at: datetime | None

    @property
    def can_be_taken_back(self) -> bool:
        return self.taken_back_at is None and self.delivered_at is None


class Keeper(Protocol):
    def recipient(self, petition: Petition) -> Recipient | None:
        """Whom a petition is handed to, if anybody is named."""

    def agree(self, signature: Signature, recipient: Recipient, words: ConsentText) -> None:
        """Keep that this name may be handed to this recipient, and in which words that was said."""

    def take_back(self, signatures: QuerySet[Signature]) -> None:
        """Put these names on no list any more; what they have agreed to is forgotten, unless a list with it has left us."""

    def forget(self, signatures: Iterable[UUID]) -> None:
        """Forget all of these, delivered or not."""

    def told(self, signatures: Iterable[UUID]) -> dict[UUID, Given]:
        """What these have agreed to."""


class Nobody:
    """Where no app above names anybody."""

    def recipient(self, petition: Petition) -> Recipient | None:
        return None

    def agree(self, signature: Signature, recipient: Recipient, words: ConsentText) -> None:
        pass

    def take_back(self, signatures: QuerySet[Signature]) -> None:
        pass

    def forget(self, signatures: Iterable[UUID]) -> None:
        pass

    def told(self, signatures: Iterable[UUID]) -> dict[UUID, Given]:
        return {}


_keeper: Keeper = Nobody()


def register(keeper: Keeper) -> None:
    """From now on this one keeps them."""
    global _keeper
    _keeper = keeper


def keeper() -> Keeper:
    return _keeper


def offered(petition: Petition) -> Recipient | None:
    """Whom signers may let have their name, at the safety level as it is now."""
    return _keeper.recipient(petition) if petition.policy.hands_over else None
