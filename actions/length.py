"""How long a post is for X: 280 is the most, and not every sign weighs the same."""

from __future__ import annotations

import unicodedata

import emoji
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from twitter_text.extract_urls import extract_urls_with_indices

LIMIT = 280
URL_WEIGHT = 23
# Looking for addresses takes time that grows with the square of the length: no post is as long as this, so none is searched.
LONGEST = 560
# These code points weigh 1, all others 2.
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def weighted_length(text: str) -> int:
    """The weight of `text` as X reckons it: an address 23, an emoji 2. Over 560 characters, at least the number of characters."""
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONGEST:
        return sum(_weight(sign) for sign in text)
    weight, rest = 0, text
    for url in reversed(extract_urls_with_indices(text)):
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
