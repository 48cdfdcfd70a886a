"""Hashtags and words of every script, by category of sign: marks and joiners are part of them, as X has it. xsim/text.py says the
same for the simulator."""

from __future__ import annotations

import unicodedata

import regex
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Letters, marks and digits, and what X takes besides: joiners, and signs within words of a few scripts.
SIGNS = (
    r"\p{L}\p{M}\p{Nd}_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
# A number after # is no hashtag.
NAME = rf"(?P<name>[{SIGNS}]*\p{{L}}[{SIGNS}]*)"
IS_NAME, WORD = regex.compile(NAME), regex.compile(rf"[{SIGNS}]+")
HASHTAG = regex.compile(rf"(?<![{SIGNS}&/])[#＃]{NAME}")
# What looks like one, wherever it stands, and the gap in front of it.
ANYWHERE = regex.compile(rf"\s*[#＃]{NAME}")


def folded(text: str) -> str:
    """Equal for two texts that differ in nothing but case or composition. The Turkish i is one letter, with its dot or without."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return text.replace("i\u0307", "i").replace("ı", "i")


def validate(name: str) -> None:
    """Raises ValidationError for what X makes no hashtag of."""
    if not WORD.fullmatch(name):
        raise ValidationError(_("A hashtag has letters, digits or underscores, without #."))
    if not IS_NAME.fullmatch(name):
        raise ValidationError(_("A hashtag needs a letter: X does not link a number alone."))


def has(text: str, hashtag: str) -> bool:
    """Whether X would see this hashtag in the text, in whatever case."""
    return any(folded(found["name"]) == folded(hashtag) for found in HASHTAG.finditer(text))


def says(text: str, hashtag: str) -> bool:
    """The same for readers, who know one too where X makes none of it: within a word."""
    return any(folded(found["name"]) == folded(hashtag) for found in ANYWHERE.finditer(text))


def without(text: str, hashtag: str = "") -> str:
    """The text without this hashtag, or without any, and without the gap that it leaves."""

    def left(found: regex.Match[str]) -> str:
        return found[0] if hashtag and folded(found["name"]) != folded(hashtag) else ""

    return str(ANYWHERE.sub(left, text)).strip()
