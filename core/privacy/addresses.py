"""E-mail addresses as people own them, so that one mailbox counts once and no mail goes to another one.

They are kept and mailed in ASCII: `w@weiß.example` is `w@xn--wei-7ka.example` by IDNA 2008. Mail libraries still read it by the
older IDNA 2003, as `w@weiss.example`, which is somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# One way to write an address: quoted and encoded forms reach the same mailbox under any number of spellings.
LOCAL = re.compile(rf"(?!.*=\?){ATOM}(\.{ATOM})*")
LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
# The last part is a name: 1.2.3.44 is a machine.
DOMAIN = re.compile(rf"({LABEL}\.)+(?![0-9]+$){LABEL}")
# Names that mean this machine, or one beside it.
INSIDE = re.compile(r".*\.(localhost|localdomain|local|internal|home\.arpa)")
GMAIL = {"gmail.com", "googlemail.com"}
LONGEST, LONGEST_LOCAL, LONGEST_TYPED = 254, 64, 5_000

# Full-width letters and signs, as keyboards for Chinese and Japanese write them; and a small @.
WIDE = {0xFF01 + number: 0x21 + number for number in range(94)} | {0x3000: " ", 0xFE6B: "@"}
# Nobody sees these, and they belong to no address; joiners do, and change which domain it is.
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c"))
# These turn the direction of what is read: nobody can say which mailbox was meant.
TURNING = "\u202d\u202e"
AROUND = '"“”„‟‘’‚‛«»‹›「」『』《》〈〉【】()[],;:、،؛¡¿•'
# Some of these may begin an address; none ends one.
STOPS = ".。｡!?؟…।"
# Signs of quoting, and of what some programs show in bold, that an address may also begin with.
TICKS = "'`*_~"
IN_BRACKETS = re.compile(r"([^<>]*)<([^<>]*)>")
MAILTO = re.compile(r"mailto:/*([^?]*).*", re.IGNORECASE | re.DOTALL)


def clean(typed: str) -> str:
    """The address as it is kept and mailed, whatever it was copied with; a clean one stays as it is.

    Raises ValidationError for what is none, and for what could be read as another mailbox than was meant.
    """
    local, _at, domain = _bare(typed).rpartition("@") if len(typed) <= LONGEST_TYPED else ("", "", "")
    if local and not local.isascii() and not re.search(r"[\s@\"<>]", local):
        raise _not_taken(
            _(
                "The part before the @ can only have the letters a to z without accents, digits, and signs such as . _ + -"
            )
        )
    if len(local) > LONGEST_LOCAL:
        raise _not_taken(_("The part before the @ is too long: it can have at most 64 characters."))
    try:
        domain = ascii_domain(domain)
    except ValueError:
        domain = ""
    address = f"{local}@{domain}"
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain) or INSIDE.fullmatch(domain) or len(address) > LONGEST:
        raise _not_taken(_("This does not look like an e-mail address. An example: name@example.org"))
    return address


def _not_taken(words: Any) -> ValidationError:
    return ValidationError(words, code="invalid")


def _bare(typed: str) -> str:
    """Without what comes along when an address is copied: `mailto:`, a name and angle brackets, quotes, a full stop."""
    text, before = typed, ""
    while text != before:
        before = text
        text = _unquoted(text.translate(WIDE).translate(UNSEEN))
        if found := MAILTO.fullmatch(text):
            text = unquote(found[1])
        elif found := IN_BRACKETS.fullmatch(text):
            text = _of_two(found[1], found[2])
        elif text.count("<") + text.count(">") == 1:
            # Its other half was not copied.
            text = text.removeprefix("<").removesuffix(">")
    return text


def _unquoted(text: str) -> str:
    start, end, before = 0, len(text), (0, 0)
    while (start, end) != before:
        before = start, end
        while start < end and _is_around(text[start], AROUND):
            start += 1
        while start < end and _is_around(text[end - 1], AROUND + STOPS):
            end -= 1
        if end - start > 1 and text[end - 1] in TICKS:
            start, end = start + (text[start] == text[end - 1]), end - 1
    return text[start:end]


def _is_around(sign: str, signs: str) -> bool:
    return sign in signs or sign.isspace() or (unicodedata.category(sign) == "Cf" and sign not in TURNING)


def _of_two(name: str, address: str) -> str:
    """What stands in angle brackets, unless the name before them is another address. Each is read once, so that what is nested
    costs no more than its length."""
    if "@" not in name:
        return address
    named, meant = clean(name), clean(address)
    return meant if named == meant else ""


def ascii_domain(domain: str) -> str:
    """`weiß.example` -> `xn--wei-7ka.example`, by IDNA 2008 and UTS 46. Raises ValueError for what they know no name for."""
    if domain.isascii():
        return domain.lower()
    return idna.encode(domain, uts46=True, transitional=False, std3_rules=True).decode()


def mailable(address: str) -> str:
    """A stored address as it is mailed. Raises ValueError for one that no mail can reach."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("no ASCII before the @")
    return f"{local}@{ascii_domain(domain)}"


# The rule for what is one mailbox. Rows note under which one they were hashed (core/privacy/mailboxes.py): a change here is a new
# rule, and the old one stays, word for word, for as long as a row may stand under it.
RULE = 2
RULES = (1, RULE)


def canonical(address: str, rule: int = RULE) -> str:
    """One spelling for one mailbox: lower case, without a plus-tag, the domain in ASCII; Gmail also ignores dots and has two names.

    Raises ValueError for what the rule can't read.
    """
    local, _at, domain = address.strip().rpartition("@")
    local = local.lower()
    local = local.split("+", 1)[0] or local
    domain = _by_idna_2003(domain) if rule == 1 else _by_idna_2008(domain)
    if domain in GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _by_idna_2003(domain: str) -> str:
    domain = domain.lower()
    return domain if domain.isascii() else domain.encode("idna").decode()


def _by_idna_2008(domain: str) -> str:
    try:
        return ascii_domain(domain)
    except ValueError:
        # Stored under the first rule, and no name any more: it gets no mail, and is found as it was.
        return _by_idna_2003(domain)


def spellings(address: str, rule: int) -> list[str]:
    """Every canonical form that the rule may have given this mailbox: the first one read some Unicode domains as other ones."""
    ways = [address] if rule == RULE else [address, _in_unicode(address)]
    found = []
    for way in ways:
        try:
            found.append(canonical(way, rule))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _in_unicode(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    if domain.isascii() and "xn--" not in domain.lower():
        return address
    try:
        return f"{local}@{idna.decode(domain)}"
    except ValueError:
        return address


def moved(address: str) -> bool:
    """Whether the first rule took it for another mailbox than it is. Mails went to that one."""
    return canonical(address, 1) != canonical(address)
