"""How a post's text is cut into the tokens that queries match."""

import re
import sys
import unicodedata

import regex

URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Of a word in any script: letters, marks, digits, joiners, and what a few scripts have within words.
_SIGNS = (
    r"\p{L}\p{M}\p{Nd}_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
HASHTAG = regex.compile(rf"(?<![{_SIGNS}&/])[#＃]([{_SIGNS}]*\p{{L}}[{_SIGNS}]*)")
MENTION = re.compile(r"(?<![\w!#$%&*@])[@＠]([A-Za-z0-9_]{1,15})(?![\w@])")
# X reads these two as the signs that they are wide forms of.
_NARROW = str.maketrans("＃＠", "#@")
_TOKEN = regex.compile(rf"(?:(?<![{_SIGNS}&/])#(?=[{_SIGNS}]*\p{{L}})|(?<![\w!#$%&*@])@)?[{_SIGNS}]+")


def fold(text: str) -> str:
    """Equal for what differs in case or composition; the Turkish i is one letter, with its dot or without."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return folded.replace("i\u0307", "i").replace("ı", "i")


def urls(text: str) -> tuple[str, ...]:
    return tuple(match.group().rstrip(".,;:!?)") for match in URL.finditer(text))


def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words, '#tags' and '@mentions' in order; what stands inside a URL is not among them."""
    return tuple(map(sys.intern, _TOKEN.findall(fold(URL.sub(" ", text)).translate(_NARROW))))
