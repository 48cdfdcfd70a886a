"""How many mails one address gets, whoever asks for them. Over the cap a row stays unmailed; other links go on working."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.hashes import address_hashes
from petitions.models import LinkRequest, Mailing, Signature, Suppression

# (how many, in which time)
EACH_PETITION = ((3, timedelta(hours=24)), (5, timedelta(days=30)))
ALL_PETITIONS = ((10, timedelta(hours=24)),)
OWN_PAGE = ((3, timedelta(hours=24)),)
REMEMBERED = timedelta(days=30)


def may_confirm(signature: Signature) -> bool:
    """Whether the address of this row may get one more confirmation mail."""
    if signature.email is None:
        return False
    hashes, now = address_hashes(signature.email), timezone.now()
    if Suppression.objects.filter(address_hash__in=hashes).exists():
        return False
    begun = Mailing.objects.filter(address_hash__in=hashes).exclude(signature=signature.pk)
    here = begun.filter(petition=signature.petition_id)
    return all(here.filter(begun_at__gt=now - span).count() < most for most, span in EACH_PETITION) and all(
        begun.filter(begun_at__gt=now - span).count() < most for most, span in ALL_PETITIONS
    )


def note(signature: Signature) -> None:
    """This mail is about to be sent. Noted before, so that one whose end nobody saw counts too; sent again it counts once."""
    facts = {
        "petition": signature.petition,
        "address_hash": signature.address_hash,
        "hash_version": signature.hash_version,
    }
    Mailing.objects.update_or_create(signature=signature.pk, defaults=facts)


def may_see_own_page(request: LinkRequest) -> bool:
    hashes, now = address_hashes(request.email), timezone.now()
    mailed = LinkRequest.objects.filter(address_hash__in=hashes).exclude(pk=request.pk)
    return all(mailed.filter(mailed_at__gt=now - span).count() < most for most, span in OWN_PAGE)
