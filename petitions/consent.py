"""The words that people agree to. Which version somebody agreed to is kept with the signature."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.utils.translation import get_language, gettext

from core.kept import kept
from petitions.models import ConsentText

SIGNING, PLEDGING = ("sign", "show_name", "updates", "others"), ("pledge",)
# Where signers are also asked whether their name may be handed to somebody: these words name whom.
HANDING = (*SIGNING, "hand_over")
# What the sign form says at its button: nobody agrees there, all are told.
TYPING = ("keep",)


def texts(recipient: str = "") -> dict[str, str]:
    """The words in force, by purpose, in the active language. `recipient`: whom names may be handed to."""
    organisation = settings.ORGANISATION
    return {
        "keep": gettext(
            "%(organisation)s keeps what you type here (encrypted, but for the country) to mail you a link: your signature "
            "counts once you confirm it there. What is not confirmed is deleted after 7 days."
        )
        % {"organisation": organisation},
        "sign": gettext(
            "I sign, and agree that %(organisation)s keeps my address, name and comment (encrypted) and my country to "
            "count my signature. Signing can show a political opinion. I can take all of it back at any time."
        )
        % {"organisation": organisation},
        "show_name": gettext("Show my name and comment in public."),
        "updates": gettext("Mail me news of this campaign."),
        "others": gettext("Mail me other campaigns of %(organisation)s.") % {"organisation": organisation},
        "hand_over": gettext(
            "Hand my name to %(recipient)s with the petition. I can take that back on my own page until then; a name that "
            "was delivered can't be called back."
        )
        % {"recipient": recipient},
        "pledge": gettext(
            "I will take part, and agree that %(organisation)s keeps my address, encrypted, to remind me. "
            "I can take it back at any time."
        )
        % {"organisation": organisation},
    }


def current(purposes: tuple[str, ...] = SIGNING, recipient: str = "") -> ConsentText:
    """The stored version of the words in force for these purposes, in the active language."""
    words, language = texts(recipient), get_language() or settings.LANGUAGE_CODE
    words = {purpose: words[purpose] for purpose in purposes}
    digest = hashlib.sha256(json.dumps([language, words], sort_keys=True).encode()).hexdigest()
    return ConsentText.objects.get_or_create(digest=digest, defaults={"language": language, "texts": words})[0]


def current_kept(purposes: tuple[str, ...] = SIGNING, recipient: str = "") -> ConsentText:
    """As `current`, and asked of the database once a second. Outside of a transaction: what was rolled back is not there."""
    return _current_kept(purposes, recipient, get_language(), settings.ORGANISATION)


@kept
def _current_kept(purposes: tuple[str, ...], recipient: str, _language: str | None, _organisation: str) -> ConsentText:
    return current(purposes, recipient)
