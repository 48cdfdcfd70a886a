"""How high the card for other sites is, before any browser has drawn it: oEmbed has to say so, and words differ by language.

Letters are counted as wide as those of a wide font, so that nothing is cut off: a reader's own font leaves some room.
"""

from __future__ import annotations

from html.parser import HTMLParser
from math import ceil
from textwrap import wrap

# Pixels: of a line, of what stands around it, and how wide its letters are, by what the stylesheet sets.
LINES = {"h1": (1.06, 38), "quiet": (1.55, 16), "helptext": (1.55, 0), "words": (1.55, 22), "": (1.55, 18)}
SIZES = {"quiet": 15, "helptext": 14, "words": 14, "": 17}
LETTER, LETTER_ARABIC, LOUD = 0.54, 0.5, 1.12
METER, FIELD, BUTTON, EDGES = 92, 54, 76, 40
VOID = {"input", "br", "wbr", "meta", "link", "img", "path", "use"}
BLOCKS = {"p", "h1", "label", "summary"}


def height(html: str, wide: int) -> int:
    """Pixels of the card whose page is `html` in a frame `wide` pixels wide: enough, and little more."""
    card = _Card()
    card.feed(html)
    # Nobody shows it narrower; whoever asks for that gets what it would be.
    wide = max(wide, 200)
    inner = wide - 2 * max(16, 0.04 * wide)
    return (
        ceil(
            (EDGES + card.fixed + sum(_block(kind, text, inner, wide, card.arabic) for kind, text in card.blocks)) / 10
        )
        * 10
    )


def _block(kind: str, text: str, inner: float, wide: int, arabic: bool) -> float:
    around_line, around = LINES[kind]
    size: float = SIZES.get(kind, 17)
    letter = LETTER_ARABIC if arabic else LETTER
    if kind == "h1":
        size, letter = min(max(20, 0.05 * wide), 28), letter * LOUD
        around_line = 1.3 if arabic else around_line
    lines = wrap(text, max(1, int(inner / (size * letter))))
    return len(lines) * size * around_line + around


class _Card(HTMLParser):
    """The blocks of text, (what the stylesheet calls them, their words), and what is as high in every language."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks, self.fixed, self.arabic = list[tuple[str, str]](), 0.0, False
        self._open, self._kind, self._words = list[str](), "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        classes = (named.get("class") or "").split()
        if tag == "html":
            self.arabic = (named.get("lang") or "") in ("ar", "fa", "ur")
        elif "meter" in classes:
            self.fixed += METER
        elif "go" in classes:
            self.fixed += BUTTON
        elif tag == "select" or (tag == "input" and named.get("type") != "hidden"):
            self.fixed += FIELD
        if tag in BLOCKS or "helptext" in classes:
            self._end()
            self._kind = (
                tag if tag == "h1" else next((one for one in ("words", "quiet", "helptext") if one in classes), "")
            )
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag in BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        hidden = {"option", "svg", "head", "title", "details"} - ({"details"} if "summary" in self._open else set())
        if not hidden & set(self._open) and "button" not in self._open:
            self._words += data

    def _end(self) -> None:
        words = " ".join(self._words.split())
        if words:
            self.blocks.append((self._kind, words))
        self._kind = self._words = ""
