"""How a post's text is cut into the tokens that queries match."""

import re
import sys
import unicodedata

URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w+)")
MENTION = re.compile(r"(?<![\w!#$%&*@])[@＠]([A-Za-z0-9_]{1,15})(?![\w@])")
_TOKEN = re.compile(r"(?:(?<![\w&/])#|(?<![\w!#$%&*@])@)?\w+")


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def urls(text: str) -> tuple[str, ...]:
    return tuple(match.group().rstrip(".,;:!?)") for match in URL.finditer(text))


def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words, '#tags' and '@mentions' in order; what stands inside a URL is not among them."""
    return tuple(map(sys.intern, _TOKEN.findall(fold(URL.sub(" ", text)))))
