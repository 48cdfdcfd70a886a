"""The mails to signers. No word that a visitor typed is in the confirmation: it would make us a sender of strangers' texts."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from core import tokens
from core.hashes import address_hashes
from core.models import Letter
from petitions import caps
from petitions.models import LINK_LIVES, OWN_PAGE_LIVES, LinkRequest, Signature

# A mail that could not be delivered for so long would surprise more than help.
GIVES_UP = timedelta(days=14)
CONFIRM, OWN_PAGE, NOT_ME = "confirm", "my", "not-me"


def confirmation(signature: Signature) -> EmailMultiAlternatives | None:
    """The mail with the button to confirm; None for a row that needs none any more."""
    if signature.confirmed_at or signature.withdrawn_at or signature.email is None or not caps.may_confirm(signature):
        return None
    if signature.signed_at < timezone.now() - GIVES_UP:
        return None
    neutral = signature.petition.policy.neutral_mail
    with translation.override(signature.language):
        subject = gettext("Please confirm") if neutral else gettext("Confirm your signature: %(title)s")
        subject %= {"title": signature.petition.title}
        link = _link("confirm", tokens.make(CONFIRM, signature.pk))
        context = {"petition": signature.petition, "link": link, "days": LINK_LIVES.days, "my": _link("my")}
        context["not_me"] = _link("not_me", tokens.make(NOT_ME, signature.pk))
        caps.note(signature)
        return _mail(signature, subject, "confirm", context, signature.email, neutral)


def own_page(request: LinkRequest) -> EmailMultiAlternatives | None:
    """The link to the signer's own page, to the address as it was signed with, however it was typed now.

    None when this address never signed, or has asked three times today.
    """
    mine = Signature.objects.kept().by(address_hashes(request.email)).order_by("-signed_at").first()
    if mine is None or mine.email is None or not caps.may_see_own_page(request):
        return None
    with translation.override(request.language):
        link = _link("my_page", tokens.make(OWN_PAGE, request.pk))
        hours = int(OWN_PAGE_LIVES.total_seconds() // 3600)
        return _mail(request, gettext("Your signatures"), "own_page", {"link": link, "hours": hours}, mine.email)


def _link(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _mail(
    row: Letter, subject: str, template: str, context: dict[str, object], to: str, neutral: bool = False
) -> EmailMultiAlternatives:
    context |= {
        "organisation": settings.ORGANISATION, "site_url": settings.SITE_URL, "subject": subject,
        "language": translation.get_language(), "text_direction": "rtl" if translation.get_language_bidi() else "ltr",
    }  # fmt: skip
    # The same row always gives the same Message-ID, so that a mail sent twice is shown once.
    headers = {"Message-ID": f"<{template}-{row.pk}@{settings.ALLOWED_HOSTS[0]}>", "Auto-Submitted": "auto-generated"}
    text = render_to_string(f"mails/{template}.txt", context)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if neutral else None
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, sender, [to], headers=headers)
    mail.attach_alternative(render_to_string(f"mails/{template}.html", context), "text/html")
    return mail
