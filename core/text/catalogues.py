"""Catalogues of translated words (.po) that somebody brings along: what is wrong with them, and what pages would do with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, NamedTuple

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.utils.translation import gettext as _

# `%(name)s`, `{name}` and `%%`; what else follows a per cent sign, or a brace, where one of them stands would end a page.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# A language whose words are all there.
WHOLE = "fr"


class Fault(NamedTuple):
    line: int
    words: str
    reason: str

    def __str__(self) -> str:
        return _("line %(line)s: %(reason)s (“%(words)s”)") % self._asdict()


class Unreadable(Exception):
    """It is no catalogue, and says why."""


def read(file: IO[bytes], code: str) -> Catalog:
    """Raises Unreadable."""
    try:
        return read_po(file, locale=code.replace("-", "_"), abort_invalid=True)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, PoFileError) as error:
        raise Unreadable(str(error)) from error


def blank(code: str) -> Catalog:
    """All words of the interface, untranslated, with the plurals of the language. Raises babel.UnknownLocaleError, ValueError."""
    locale = Locale.parse(code, sep="-")
    catalogue = Catalog(locale=locale, project="Outcry", fuzzy=False)
    for message in words():
        catalogue.add(message.id, context=message.context, flags=message.flags - {"fuzzy"}, locations=message.locations)
    return catalogue


def words() -> list[Message]:
    """Those of the interface."""
    with (settings.BASE_DIR / f"locale/{WHOLE}/LC_MESSAGES/django.po").open("rb") as file:
        return [message for message in read(file, WHOLE) if message.id]


def untranslated(catalogue: Catalog) -> int:
    """How many of our words it lacks: these stay in English."""
    return sum(not _is_said(catalogue.get(message.id, message.context)) for message in words())


def faults(catalogue: Catalog) -> list[Fault]:
    """What would break a page, or put into it what we never wrote. Words that we don't have are no fault."""
    return [
        Fault(message.lineno or 0, _first(message.id), reason)
        for message in catalogue
        if message.id and _is_said(message) and not message.fuzzy
        for reason in _reasons(message, catalogue.num_plurals)
    ]


def _reasons(message: Message, plural_forms: int) -> Iterator[str]:
    originals, said = _all(message.id), _all(message.string)
    if len(originals) > 1 and (len(said) != plural_forms or not all(said)):
        yield _("plural forms needed: %(number)s") % {"number": plural_forms}
    # A form for one, or for two, may go without the number.
    known, wanted = set(_names(originals[-1])), set(_names(originals[0])) if len(originals) == 1 else set()
    for text in filter(None, said):
        names = set(_names(text))
        yield from (_("the original has no %(name)s") % {"name": name} for name in sorted(names - known))
        yield from (_("%(name)s is missing") % {"name": name} for name in sorted(wanted - names))
        bare = PLACEHOLDER.sub("", text)
        if re.search(r"%[(%]", originals[-1]) and "%" in bare:
            yield _("write a percent sign twice if it belongs to no name")
        if "{" in originals[-1] and {"{", "}"} & set(bare):
            yield _("a brace that belongs to no name")
        if Counter(TAG.findall(text)) not in [Counter(TAG.findall(original)) for original in originals]:
            yield _("its tags differ from the original")
        elif "<" in TAG.sub("", text):
            yield _("a less-than sign that does not begin a tag of the original")


def _names(text: str) -> list[str]:
    return [name for name in PLACEHOLDER.findall(text) if name != "%%"]


def _all(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or [])


def _first(words: str | tuple[str, ...] | list[str]) -> str:
    return _all(words)[0]


def _is_said(message: Message | None) -> bool:
    return message is not None and any(_all(message.string))
