"""Which signers let the target of their campaign have their names (petitions/handing.py asks)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from campaigns.models import Campaign, Delivery, NameForTarget
from petitions import handing
from petitions.handing import Given, Recipient
from petitions.models import ConsentText, Petition, Signature


class Names:
    def recipient(self, petition: Petition) -> Recipient | None:
        owner = petition.owner
        target = owner.target if isinstance(owner, Campaign) else None
        return Recipient(target.pk, str(target.translated.name)) if target else None

    def agree(self, signature: Signature, recipient: Recipient, words: ConsentText) -> None:
        NameForTarget.objects.create(signature=signature, target_id=recipient.key, consent_text=words)

    def take_back(self, signatures: QuerySet[Signature]) -> None:
        NameForTarget.objects.not_delivered().filter(signature__in=signatures.values("pk")).delete()

    def forget(self, signatures: Iterable[UUID]) -> None:
        NameForTarget.objects.filter(signature__in=list(signatures)).delete()

    def told(self, signatures: Iterable[UUID]) -> dict[UUID, Given]:
        rows = NameForTarget.objects.filter(signature__in=list(signatures))
        fetched = Q(deliveries__state=Delivery.State.FETCHED)
        found = rows.select_related("target").prefetch_related("target__translations")
        return {
            row.signature_id: Given(str(row.target.translated.name), row.agreed_at, row.delivered_at, row.left_us_at)
            for row in found.annotate(
                delivered_at=Min("deliveries__handed_over_at"), left_us_at=Min("deliveries__written_at", filter=fetched)
            )
        }


handing.register(Names())
