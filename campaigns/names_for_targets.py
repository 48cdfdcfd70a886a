"""Which signers let the target of their campaign have their names (petitions/handing.py asks)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

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
        mine = NameForTarget.objects.not_delivered().filter(signature__in=signatures.values("pk"))
        packs = Delivery.people.through.objects.filter(namefortarget__in=mine)
        # Whoever fetches one of these packs waits for us, or we for them.
        list(Delivery.objects.filter(pk__in=packs.values("delivery")).order_by("pk").select_for_update(no_key=True))
        mine.have_left_us().update(taken_back_at=timezone.now())
        mine.delete()

    def forget(self, signatures: Iterable[UUID]) -> None:
        NameForTarget.objects.filter(signature__in=list(signatures)).delete()

    def told(self, signatures: Iterable[UUID]) -> dict[UUID, Given]:
        rows = NameForTarget.objects.filter(signature__in=list(signatures))
        fetched = Q(deliveries__state=Delivery.State.FETCHED)
        left = Min("deliveries__written_at", filter=fetched)
        packs = rows.values_list("signature").annotate(left=left, handed=Min("deliveries__handed_over_at")).order_by()
        times = {signature: (left_us_at, delivered_at) for signature, left_us_at, delivered_at in packs}
        given = {}
        for row in rows.select_related("target").prefetch_related("target__translations"):
            left_us_at, delivered_at = times.get(row.signature_id, (None, None))
            name = str(row.target.translated.name)
            given[row.signature_id] = Given(name, row.agreed_at, left_us_at, row.taken_back_at, delivered_at)
        return given


handing.register(Names())
