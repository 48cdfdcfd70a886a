"""How long a post is for X: 280 is the most, and not every sign weighs the same."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions import parsing
from core.text.cleaning import LINE_END

LIMIT = 280
URL_WEIGHT = 23
# What the campaign's address takes at the end of a post, with the line break in front of it.
LINK_ROOM = URL_WEIGHT + 1
# Stands in samples for the handle of whoever is addressed.
HANDLE = "{target}"
DOTTED = re.compile(r"(?<!\S)\.(?=\{target\})")
# Looking for addresses takes time that grows with the square of a host's parts and of their lengths. No host has so many parts, or
# one of more than 63 signs, or 254 in all: what looks like one counts as the text that it is. What no post can be is not searched.
LABEL = r"[^\s!-,/:-@\[-^`{-~.]"
NO_HOST = re.compile(rf"(?<!{LABEL})(?:(?:{LABEL}*\.){{7,}}|{LABEL}{{64,}}\.|(?:{LABEL}|\.){{254,}})")
# Every address has the first, every emoji one of the second.
INNER_DOT, OF_EMOJIS = re.compile(r"\S\.\w"), re.compile("[\u00a9\u00ae\u203c-\U0010ffff]")
LONGEST, LONG, MANY_DOTS = 15_000, 560, 40
# These code points weigh 1, all others 2.
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def weighted_length(text: str) -> int:
    """The weight of `text` as X reckons it: an address 23, an emoji 2. At least the number of characters for what is far too long."""
    if len(text) > LONGEST:
        return len(text)
    text = unicodedata.normalize("NFC", LINE_END.sub("\n", text))
    if len(text) > LONG and text.count(".") > MANY_DOTS:
        return len(text)
    weight, begun = 0, 0
    for start, end in _addresses(text):
        weight += _weight_without_addresses(text[begun:start]) + URL_WEIGHT
        begun = end
    return weight + _weight_without_addresses(text[begun:])


def _addresses(text: str) -> list[tuple[int, int]]:
    """Where each begins and ends. They are looked for only where a dot stands between two signs."""
    if not INNER_DOT.search(text):
        return []
    return parsing.addresses(NO_HOST.sub(lambda found: found[0].replace(".", "-"), text))


def _weight_without_addresses(text: str) -> int:
    """The list of emojis is loaded only where a sign is that one may have."""
    emojis = 0
    if OF_EMOJIS.search(text):
        text, emojis = parsing.emoji().subn("", text)
    return emojis * 2 + sum(_weight(sign) for sign in text)


def fits(text: str) -> bool:
    return bool(text.strip()) and weighted_length(text) <= LIMIT


def reads_as_reply(text: str) -> bool:
    """X shows a post that begins with a handle only to those who follow both sides."""
    return text.lstrip().startswith("@")


def addressed(text: str, handle: str) -> str:
    """The text with the handle where {target} stands. A dot is in front of it where the post would begin with it, nowhere else."""
    text = DOTTED.sub("", text)
    begins = text.lstrip().startswith(HANDLE) and handle.startswith("@")
    text = text.replace(HANDLE, handle)
    return f".{text.lstrip()}" if begins else text


def validate_sample(text: str) -> None:
    """The same for a text in which {target} stands for a handle, which may have 15 signs."""
    validate(addressed(text, "@" + "x" * 15))


def validate_sample_with_link(text: str) -> None:
    """Raises ValidationError where X would not take such a text with the campaign's address at its end."""
    weight = weighted_length(addressed(text, "@" + "x" * 15)) + LINK_ROOM
    if weight > LIMIT:
        message = _(
            "With the campaign's address X counts %(weight)s of at most %(limit)s: please shorten it by %(over)s, or "
            "leave the address out."
        )
        raise ValidationError(message, params={"weight": weight, "limit": LIMIT, "over": weight - LIMIT})


def validate(text: str) -> None:
    """Raises ValidationError for a post that X would not take, or would show to few people."""
    validate_weight(text)
    if reads_as_reply(text):
        raise ValidationError(
            _("A post that starts with @ is shown to few people: put a dot or a word in front of the handle.")
        )


def validate_weight(text: str, room: int = 0) -> None:
    """Raises ValidationError for a post that X would not take; `room`: what else it must have place for."""
    weight = weighted_length(text) + room
    if weight > LIMIT:
        message = _("X counts %(weight)s of at most %(limit)s: please shorten it by %(over)s.")
        raise ValidationError(message, params={"weight": weight, "limit": LIMIT, "over": weight - LIMIT})


def _weight(sign: str) -> int:
    return 1 if any(low <= ord(sign) <= high for low, high in LIGHT) else 2
