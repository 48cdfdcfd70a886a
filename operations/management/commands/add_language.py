from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.text import catalogues
from core.text.added_languages import ABOUT, CATALOGUE, CODE, path_of


class Command(BaseCommand):
    help = (
        "Add a language to this site: `add_language sw --blank > sw.po` writes all words of the interface, somebody translates them "
        "(Poedit, Weblate, any editor), `add_language sw sw.po` puts it where the site reads it, unless it would break a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the language, in small letters: sw, pt-br, fa")
        parser.add_argument("file", nargs="?", type=Path, help="its words: a .po")
        parser.add_argument("--blank", action="store_true", help="print the words that are to be translated")
        parser.add_argument("--name", help="what the language calls itself, where Unicode's tables don't know")
        parser.add_argument("--right-to-left", action="store_true", help="the same, for its direction")

    def handle(self, *args: Any, **options: Any) -> None:
        code, file = options["code"], options["file"]
        if not CODE.fullmatch(code):
            raise CommandError(f"{code}: write the code of a language in small letters, such as sw, pt-br or fa.")
        if options["blank"] == bool(file):
            raise CommandError(f"Write `add_language {code} --blank`, or the file: `add_language {code} {code}.po`.")
        if options["blank"]:
            self._blank(code)
        else:
            self._add(code, file, options["name"], options["right_to_left"])

    def _blank(self, code: str) -> None:
        try:
            write_po(sys.stdout.buffer, catalogues.blank(code), width=0, sort_output=True)
        except (UnknownLocaleError, ValueError) as error:
            raise CommandError(f"Unicode's tables don't know the language {code}: begin with locale/fr.") from error

    def _add(self, code: str, file: Path, name: str | None, from_the_right: bool) -> None:
        if settings.LANGUAGES_FOLDER is None:
            raise CommandError(
                "Set LANGUAGES_FOLDER to a folder that this user may write to: /var/lib/outcry/languages."
            )
        if code in settings.SHIPPED_LANGUAGES:
            raise CommandError(f"{code} comes with Outcry: it can't be added.")
        about = _about(code, name, from_the_right)
        try:
            catalogue = catalogues.read(file, code)
        except catalogues.Unreadable as error:
            raise CommandError(str(error)) from error
        if found := catalogues.faults(catalogue):
            raise CommandError("\n".join([*map(str, found), f"{len(found)} faults: nothing was added."]))
        lacking, all_of_them = catalogues.untranslated(catalogue), len(catalogues.words())
        if lacking == all_of_them:
            raise CommandError(f"{file} translates none of Outcry's words: nothing was added.")
        folder = path_of(settings.LANGUAGES_FOLDER, code)
        (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        _replace(folder / CATALOGUE, compiled.getvalue())
        _replace(folder / ABOUT, json.dumps(about, ensure_ascii=False, indent=1).encode())
        self.stdout.write(f"{about['name']} is added: restart web and workers.")
        if lacking:
            self.stdout.write(f"{lacking} of {all_of_them} words are not translated yet: they stay in English.")


def _replace(path: Path, content: bytes) -> None:
    """At once: a server that starts meanwhile reads the old one or the new one."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def _about(code: str, name: str | None, from_the_right: bool) -> dict[str, Any]:
    """What the site says of the language. Raises CommandError."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        if not name:
            raise CommandError(f"Unicode's tables don't know the language {code}: add --name.") from error
        return {"name": name, "name_local": name, "bidi": from_the_right}
    bidi = from_the_right or locale.text_direction == "rtl"
    return {"name": locale.english_name or code, "name_local": name or locale.display_name or code, "bidi": bidi}
