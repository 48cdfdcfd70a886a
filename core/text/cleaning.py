"""One cleaner for whatever people type or paste, visitors and staff alike: what nobody sees goes, what scripts need stays, and what
turns the direction of writing is refused with its name and place."""

from __future__ import annotations

import unicodedata

import regex
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Invisible signs that join letters and keep them apart; the last one is Mongolian.
JOINERS = "\u200c\u200d\u180e"
# They hold in a line only, and each is closed by a sign of its own; overrides make a text read as another one, closed or not.
OPENS = {**dict.fromkeys("\u202a\u202b", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
OVERRIDES, CLOSES = "\u202d\u202e", "\u202c\u2069"
REFUSED = regex.compile(rf"(?![\n])[\p{{Cc}}\p{{Cs}}{OVERRIDES}]")
LINE_END = regex.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# A flag of a region is an emoji and the tags that spell the region; tags elsewhere are seen by nobody.
FLAG = r"\p{Extended_Pictographic}\uFE0F?[\U000E0020-\U000E007E]{1,30}\U000E007F"
STAYS = rf"[{JOINERS}{''.join(OPENS)}{CLOSES}{OVERRIDES}]"
UNSEEN = regex.compile(rf"({FLAG})|(?!{STAYS})[[\p{{Cf}}&&\p{{Default_Ignorable_Code_Point}}]\uFFF9-\uFFFB]", regex.V1)
# How much of what stands in front is said.
SAID = 20


def cleaned(text: str, lines: bool = False) -> str:
    """The text without byte order marks, soft hyphens, zero-width spaces, single marks of direction and their like, with a space for
    each tab. Ends of lines are LF where a field has `lines`, else a space."""
    # What goes, and what is refused below, is never printable; nearly all that people type is.
    if text.isprintable():
        return text
    text = LINE_END.sub("\n" if lines else " ", text).replace("\t", " ")
    return str(UNSEEN.sub(lambda found: found[1] or "", text if lines else text.replace("\n", " ")))


def no_controls(text: str) -> None:
    """Raises ValidationError for what the cleaner leaves and no text may hold: control characters, overrides of the direction, and
    embeddings or isolates that are not closed in their line."""
    if text.isprintable():
        return
    text = cleaned(text, lines=True)
    place = min((place for place in (_control(text), _unbalanced(text)) if place is not None), default=None)
    if place is None:
        return
    # Control characters have no names in Unicode.
    sign, before = text[place], _visible(text[:place])[-SAID:]
    name = unicodedata.name(sign, "").lower()
    values = {"sign": f"U+{ord(sign):04X}" + (f" ({name})" if name else ""), "before": before, "place": place + 1}
    if before:
        message = _(
            "This contains invisible control characters, the first one after “%(before)s” (character "
            "%(place)s): %(sign)s. Please type it again."
        )
    else:
        message = _(
            "This contains invisible control characters, the first one at its beginning: %(sign)s. Please "
            "type it again."
        )
    raise ValidationError(message, code="controls", params=values)


def _visible(text: str) -> str:
    """Only what is seen, for a message: the signs that shape it would shape the message too."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).strip()


def _control(text: str) -> int | None:
    found = REFUSED.search(text)
    return found.start() if found else None


def _unbalanced(text: str) -> int | None:
    """Where the first sign stands that opens and is not closed, or closes what is not open."""
    open_: list[tuple[str, int]] = []
    for place, sign in enumerate(text):
        if sign in OPENS:
            open_.append((OPENS[sign], place))
        elif sign in CLOSES:
            if not open_ or open_[-1][0] != sign:
                return open_[-1][1] if open_ else place
            open_.pop()
        elif sign == "\n" and open_:
            break
    return open_[0][1] if open_ else None
