"""E-mail addresses as people own them, so that one mailbox counts once."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# One way to write an address: quoted and encoded forms reach the same mailbox under any number of spellings.
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[^\s\"\\@<>()\[\],;:]+")
GMAIL = {"gmail.com", "googlemail.com"}


def plain(address: str) -> None:
    """Raises ValidationError for what mail programs would read as another address than it seems."""
    try:
        validate_email(address)
        if not PLAIN.fullmatch(address) or "=?" in address:
            raise ValueError
        canonical(address)
    except (ValidationError, ValueError) as error:
        message = _("This does not look like an e-mail address. An example: name@example.org")
        raise ValidationError(message, code="invalid") from error


def canonical(address: str) -> str:
    """One spelling for one mailbox. The rule is part of hash version 1: a new rule needs a new version.

    Lower case, without a plus-tag, the domain in ASCII; Gmail also ignores dots and has two names.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.split("+", 1)[0] or local
    domain = domain.encode("idna").decode() if not domain.isascii() else domain
    if domain in GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
