"""The mails to signers. No word that a visitor typed is in the confirmation: it would make us a sender of strangers' texts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Func, IntegerField, Min, Q
from django.db.models.lookups import Exact
from django.utils import timezone, translation
from django.utils.translation import gettext

from core import owners
from core.crypto import tokens
from core.kept import kept
from core.mail import compose
from core.mail.writers import shows
from core.owners import with_owner
from core.privacy.address_hashes import address_hash
from core.privacy.addresses import RULE
from core.switches import Switch
from petitions import caps, personal_data
from petitions.models import LINK_LIVES, OWN_PAGE_LIVES, LinkRequest, Petition, Review, Signature, StandingDecision

# A mail that could not be delivered for so long would surprise more than help.
GIVES_UP = timedelta(days=14)
# More of them than any site has senders; the number never changes, or two releases would not mean the same share.
SHARES = 16
SHARE = Func(F("address_hash"), 0, function="get_byte", output_field=IntegerField()) % SHARES
CONFIRM, OWN_PAGE, NOT_ME, UNSUBSCRIBE = "confirm", "my", "not-me", "unsubscribe"


def of_share(share: int) -> Q:
    """The signatures of this share: that of their address, so that one address has one sender at a time."""
    return Q(Exact(SHARE, share))


def waiting_shares() -> list[int]:
    """Those in which mails are due, or were claimed by somebody who may have died, whose oldest mail has waited longest first."""
    now = timezone.now()
    claimed = Q(mail_due_at__lte=now + Signature.LEASE, mail_attempts__gt=0)
    waiting = Signature.objects.filter(Q(mail_due_at__lte=now) | claimed, mail_attempts__lt=Signature.ATTEMPTS)
    oldest = waiting.order_by().values_list(SHARE).annotate(oldest=Min("mail_due_at"))
    return [share for share, _ in oldest.order_by("oldest")]


def bring_forward() -> int:
    """Makes mails due that are due later than any wait of ours can make them: the clock was ahead then. How many. Those of a flood,
    which are held back on purpose, stay as they are, whatever was decided on their rows meanwhile."""
    now = timezone.now()
    ahead = Q(signed_at__gt=now) | Q(mail_attempts__gt=0)
    far = Signature.objects.filter(ahead, review=Review.NONE, mail_due_at__gt=now + 3 * Signature.LEASE)
    return far.filter(mail_attempts__lt=Signature.ATTEMPTS).update(mail_due_at=now)


def confirmation(signature: Signature) -> EmailMultiAlternatives | None:
    """The mail with the button to confirm; None for a row that needs none any more."""
    if signature.confirmed_at or signature.withdrawn_at or signature.email is None or not caps.may_write(signature):
        return None
    is_old = signature.signed_at < timezone.now() - GIVES_UP
    if is_old and not signature.petition.owner.was_off(Switch.MAIL, GIVES_UP):
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
        context: dict[str, object] = {
            "petition": petition,
            "owner": None if neutral else petition.owner,
            "days": LINK_LIVES.days,
            "my": compose.link("my"),
        }
        accent = owners.ALONE.accent if neutral else petition.owner.accent
        return compose.letter("confirm", subject, context, neutral, accent=accent, own=("link", "not_me"))


@shows(Petition)
def confirmation_specimen(petition: Petition, to: str) -> EmailMultiAlternatives:
    """Writes the mail with the button to confirm; its links are nobody's own."""
    own = dict.fromkeys(("link", "not_me"), compose.link("my"))
    letter = _confirmation(petition.pk, translation.get_language() or petition.owner.language)
    return compose.specimen(letter.to(petition, to, own))


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
        if request.hash_rule != RULE:
            now_of = {"address_hash": address_hash(request.email), "hash_rule": RULE}
            LinkRequest.objects.filter(pk=request.pk).update(**now_of)
        return _own_page(request, address, link)


@shows(LinkRequest)
def own_page_specimen(request: LinkRequest, to: str) -> EmailMultiAlternatives:
    """Writes the mail with the link to the own page, for a request that nobody made; its links are nobody's own."""
    return compose.specimen(_own_page(request, to, compose.link("my")))


def _own_page(request: LinkRequest, to: str, link: str) -> EmailMultiAlternatives:
    context: dict[str, object] = {"link": link, "hours": int(OWN_PAGE_LIVES.total_seconds() // 3600)}
    # It may be about any campaign, the most dangerous one too.
    return compose.mail(request, "own_page", gettext("Your link"), to, context, neutral=True)


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
