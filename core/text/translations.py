"""Texts of staff in more than one language: one row per object and language, any language, and always said in which one it is."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.text.nearest import interface

language_code = RegexValidator(
    r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", _("The code of a language in lower-case letters. Examples: ar, pt-br, fa")
)
# Those written from right to left that Django does not know.
ALSO_FROM_THE_RIGHT = {"dv", "ps", "sd", "yi"}


def language_field(**options: Any) -> models.CharField[str, str]:
    return models.CharField(_("language"), max_length=35, validators=[language_code], **options)


def direction(code: str) -> str:
    """ "rtl" or "ltr"."""
    base = code.split("-")[0]
    try:
        from_the_right = bool(get_language_info(code)["bidi"])
    except KeyError:
        from_the_right = base in ALSO_FROM_THE_RIGHT or base in settings.LANGUAGES_BIDI
    return "rtl" if from_the_right else "ltr"


class Text(str):
    """A text that knows its language."""

    language: str

    def __new__(cls, text: str, language: str) -> Text:
        made = super().__new__(cls, text)
        made.language = language
        return made

    @property
    def marks(self) -> SafeString:
        """The attributes of an element that holds it: none where its language is the page's own."""
        if self.language == get_language():
            return SafeString("")
        return format_html(' lang="{}" dir="{}"', self.language, direction(self.language))


class Translation(models.Model):
    """What one object says in one more language; an empty text is said as it was written first."""

    original: Any
    language = language_field()
    # Of the texts as they were when this was written: another one later on wants another look.
    source = models.CharField(max_length=64, blank=True, editable=False)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["original", "language"], name="%(class)s_once_a_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.original}"

    @classmethod
    def texts(cls) -> list[str]:
        """The names of the fields that are said in other languages."""
        return [field.name for field in cls._meta.fields if field.name not in ("id", "original", "language", "source")]


class Translatable:
    """A model with `translations`. `campaign.translated.headline` is the headline in the language of the page, as far as there is
    one."""

    pk: Any
    translations: Any

    @property
    def written_in(self) -> str:
        """The language of what the object itself says."""
        return settings.LANGUAGE_CODE

    @property
    def translated(self) -> Translated:
        language = get_language() or settings.LANGUAGE_CODE
        kept: dict[str, Translated] = self.__dict__.setdefault("_translated", {})
        if language not in kept:
            kept[language] = Translated(self, language)
        return kept[language]

    @property
    def source(self) -> str:
        """A digest of all that can be said in other languages."""
        texts = [str(getattr(self, name)) for name in self.translations.model.texts()]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()


class Translated:
    def __init__(self, thing: Translatable, language: str) -> None:
        self._thing = thing
        self._translation = None if language == thing.written_in else _closest(thing, language)

    def __getattr__(self, name: str) -> Text:
        text = getattr(self._translation, name, "") if self._translation else ""
        if text and self._translation:
            return Text(text, self._translation.language)
        return Text(getattr(self._thing, name), self._thing.written_in)


def _closest(thing: Translatable, language: str) -> Translation | None:
    """The row in this language, or else in one of its kinds (a page in `pt` shows `pt-br`), or else in one that this is the nearest
    to (a page in `es` shows `ca`)."""
    rows: dict[str, Translation] = {row.language: row for row in thing.translations.all()}
    if language in rows:
        return rows[language]
    kinds = sorted(code for code in rows if code.split("-")[0] == language.split("-")[0])
    near = sorted(code for code in rows if language == interface(code) != interface(thing.written_in))
    return rows[(kinds + near)[0]] if kinds or near else None
