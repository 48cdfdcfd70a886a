"""A language is added to this site: a catalogue is checked, compiled and put where the next start reads it."""

from __future__ import annotations

import gettext as machine
import io
import json
import os
import tempfile
from pathlib import Path
from typing import IO, Any, NamedTuple

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils.translation import gettext as _

from core.text import catalogues
from core.text.added_languages import ABOUT, CATALOGUE, CODE, Added, path_of

# All words of ours with a translation are 300 kB; a file that is much longer is none of them.
LARGEST = 4 * 1024**2
# A rule for plurals says nothing new above these.
NUMBERS = 1001


class CannotBeAdded(Exception):
    """`reasons`: one for everything that is wrong. Nothing was written."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = list(reasons)


class Outcome(NamedTuple):
    """`untranslated`: how many of all `words` stay in English."""

    language: Added
    untranslated: int
    words: int


def add(code: str, file: IO[bytes], name: str = "", from_the_right: bool = False) -> Outcome:
    """Adds a language, or replaces what was added as it before. `name`, `from_the_right`: what Unicode's tables don't know.
    Raises CannotBeAdded."""
    if settings.LANGUAGES_FOLDER is None:
        raise CannotBeAdded(_("Whoever runs this site must set LANGUAGES_FOLDER first."))
    if not CODE.fullmatch(code):
        raise CannotBeAdded(_("The code of a language has lower-case letters. Examples: sw, pt-br, fa"))
    if code in settings.SHIPPED_LANGUAGES:
        raise CannotBeAdded(_("This language comes with Outcry, so you can't add it."))
    language = about(code, name, from_the_right)
    catalogue = _read(code, file)
    compiled = _compiled(catalogue)
    lacking, known = catalogues.untranslated(catalogue), len(catalogues.words())
    if lacking == known:
        raise CannotBeAdded(_("This file translates none of our texts."))
    _write(path_of(settings.LANGUAGES_FOLDER, code), language, compiled)
    return Outcome(language, lacking, known)


def about(code: str, name: str = "", from_the_right: bool = False) -> Added:
    """What the site says of the language. Raises CannotBeAdded."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        if not name:
            raise CannotBeAdded(_("Unicode's tables don't know this language. Please write its name.")) from error
        return Added(code, name, name, from_the_right)
    bidi = from_the_right or locale.text_direction == "rtl"
    return Added(code, locale.english_name or code, name or locale.display_name or code, bidi)


def _read(code: str, file: IO[bytes]) -> Catalog:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise CannotBeAdded(_("The file is too large: %(most)s MB at most.") % {"most": LARGEST // 1024**2})
    try:
        catalogue = catalogues.read(io.BytesIO(content), code)
    except catalogues.Unreadable as error:
        raise CannotBeAdded(_("This is not a file of translations (.po): %(reason)s") % {"reason": error}) from error
    said = str(catalogue.locale_identifier or "").replace("_", "-").lower()
    if said.split("-")[0] != code.split("-")[0]:
        raise CannotBeAdded(_("The file says that it is in another language: %(code)s.") % {"code": said or "–"})
    if faults := catalogues.faults(catalogue):
        raise CannotBeAdded(*map(str, faults))
    return catalogue


def _compiled(catalogue: Catalog) -> bytes:
    """As the site will read it. Raises CannotBeAdded."""
    out = io.BytesIO()
    try:
        write_mo(out, catalogue)
        read: Any = machine.GNUTranslations(io.BytesIO(out.getvalue()))
        fits = all(0 <= read.plural(number) < catalogue.num_plurals for number in range(NUMBERS))
    except (ValueError, LookupError, OSError, ArithmeticError, RecursionError) as error:
        raise CannotBeAdded(_("We can't read its rule for plurals: %(reason)s") % {"reason": error}) from error
    if not fits:
        raise CannotBeAdded(_("Its rule for plurals names a form that does not exist."))
    return out.getvalue()


def _write(folder: Path, language: Added, compiled: bytes) -> None:
    try:
        (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        _replace(folder / CATALOGUE, compiled)
        said = {"name": language.name, "name_local": language.name_local, "bidi": language.bidi}
        _replace(folder / ABOUT, json.dumps(said, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise CannotBeAdded(_("We can't write to the folder of languages: %(reason)s") % {"reason": error}) from error


def _replace(path: Path, content: bytes) -> None:
    """At once: a server that starts meanwhile reads the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
