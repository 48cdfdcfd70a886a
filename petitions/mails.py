"""The mails to signers. No word that a visitor typed is in the confirmation: it would make us a sender of strangers' texts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext

from core.crypto import tokens
from core.kept import kept
from core.mail import compose
from core.owners import with_owner
from core.privacy.address_hashes import address_hash
from core.privacy.addresses import RULE
from petitions import caps, personal_data
from petitions.models import LINK_LIVES, OWN_PAGE_LIVES, LinkRequest, Petition, Signature, StandingDecision

# A mail that could not be delivered for so long would surprise more than help.
GIVES_UP = timedelta(days=14)
CONFIRM, OWN_PAGE, NOT_ME, UNSUBSCRIBE = "confirm", "my", "not-me", "unsubscribe"


def confirmation(signature: Signature) -> EmailMultiAlternatives | None:
    """The mail with the button to confirm; None for a row that needs none any more."""
    if signature.confirmed_at or signature.withdrawn_at or signature.email is None or not caps.may_write(signature):
        return None
    if signature.signed_at < timezone.now() - GIVES_UP:
        return None
    letter = _confirmation(signature.petition_id, signature.language)
    with translation.override(signature.language):
        own = {
            "link": compose.link("confirm", tokens.make(CONFIRM, signature.pk)),
            "not_me": compose.link("not_me", tokens.make(NOT_ME, signature.pk)),
        }
    caps.note(signature)
    return letter.to(signature, signature.email, own)


@kept
def _confirmation(number: int, language: str) -> compose.Letter:
    """Of one petition in one language: only the links are each one's own."""
    petition = with_owner(Petition.objects.all()).get(pk=number)
    neutral = petition.policy.neutral_mail
    with translation.override(language):
        subject = gettext("Please confirm") if neutral else gettext("Confirm your signature: %(title)s")
        subject %= {"title": petition.translated.title}
        context = {"petition": petition, "days": LINK_LIVES.days, "my": compose.link("my")}
        return compose.letter("confirm", subject, context, neutral, own=("link", "not_me"))


def own_page(request: LinkRequest) -> EmailMultiAlternatives | None:
    """The link to the signer's own page, to the address as it was signed with, however it was typed now.

    None when nothing is kept under this address, or it has asked three times today. What waits to be confirmed is kept too: its
    owner can confirm it there when strangers have used up the mails to confirm.
    """
    address = _known_address(request)
    if address is None or not caps.may_see_own_page(request):
        return None
    with translation.override(request.language):
        link = compose.link("my_page", tokens.make(OWN_PAGE, request.pk))
        context: dict[str, object] = {"link": link, "hours": int(OWN_PAGE_LIVES.total_seconds() // 3600)}
        if request.hash_rule != RULE:
            now_of = {"address_hash": address_hash(request.email), "hash_rule": RULE}
            LinkRequest.objects.filter(pk=request.pk).update(**now_of)
        # It may be about any campaign, the most dangerous one too.
        return compose.mail(request, "own_page", gettext("Your link"), address, context, neutral=True)


def _known_address(request: LinkRequest) -> str | None:
    """The address under which something is kept, as it stands there: what its owner confirmed before what anybody typed.

    Whoever has said "this wasn't me" hears no more of what others type. Of a fingerprint alone we learn the address only now.
    """
    newest = Signature.objects.kept().for_address(request.email)
    newest = newest.order_by(F("confirmed_at").desc(nulls_last=True), "-signed_at")
    rows: list[Any] = [*newest[:1], *personal_data.rows(request.email)]
    if caps.is_suppressed(request.email):
        rows = [row for row in rows if getattr(row, "confirmed_at", None)]
    if rows:
        return str(rows[0].email)
    return request.email if StandingDecision.objects.for_address(request.email).exists() else None
