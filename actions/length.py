"""How long a post is for X: 280 is the most, and not every sign weighs the same."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LIMIT = 280
URL_WEIGHT = 23
# Looking for addresses takes time that grows with the square of a host's parts and of their lengths. No host has so many parts, or
# one of more than 63 signs, or 254 in all: what looks like one counts as the text that it is. What no post can be is not searched.
LABEL = r"[^\s!-,/:-@\[-^`{-~.]"
NO_HOST = re.compile(rf"(?<!{LABEL})(?:(?:{LABEL}*\.){{7,}}|{LABEL}{{64,}}\.|(?:{LABEL}|\.){{254,}})")
LONGEST, LONG, MANY_DOTS = 15_000, 560, 40
# These code points weigh 1, all others 2.
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def weighted_length(text: str) -> int:
    """The weight of `text` as X reckons it: an address 23, an emoji 2. At least the number of characters for what is far too long."""
    if len(text) > LONGEST:
        return len(text)
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONG and text.count(".") > MANY_DOTS:
        return len(text)
    # A quarter of the time in which a process begins and a tenth of its memory; few of them weigh anything.
    import emoji
    from twitter_text.extract_urls import extract_urls_with_indices

    weight, rest = 0, text
    searched = NO_HOST.sub(lambda found: found[0].replace(".", "-"), text)
    for url in reversed(extract_urls_with_indices(searched)):
        start, end = url["indices"]
        weight, rest = weight + URL_WEIGHT, rest[:start] + rest[end:]
    for found in reversed(emoji.emoji_list(rest)):
        weight, rest = weight + 2, rest[: found["match_start"]] + rest[found["match_end"] :]
    return weight + sum(_weight(sign) for sign in rest)


def fits(text: str) -> bool:
    return bool(text.strip()) and weighted_length(text) <= LIMIT


def reads_as_reply(text: str) -> bool:
    """X shows a post that begins with a handle only to those who follow both sides."""
    return text.lstrip().startswith("@")


def validate_sample(text: str) -> None:
    """The same for a text in which {target} stands for a handle, which may have 15 signs."""
    validate(text.replace("{target}", "@" + "x" * 15))


def validate(text: str) -> None:
    """Raises ValidationError for a post that X would not take, or would show to few people."""
    validate_weight(text)
    if reads_as_reply(text):
        raise ValidationError(
            _("A post that starts with @ is shown to few people: put a dot or a word in front of the handle.")
        )


def validate_weight(text: str) -> None:
    """Raises ValidationError for a post that X would not take."""
    weight = weighted_length(text)
    if weight > LIMIT:
        message = _("X counts %(weight)s of at most %(limit)s: please shorten it by %(over)s.")
        raise ValidationError(message, params={"weight": weight, "limit": LIMIT, "over": weight - LIMIT})


def _weight(sign: str) -> int:
    return 1 if any(low <= ord(sign) <= high for low, high in LIGHT) else 2
