from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.core import UnknownLocaleError
from babel.messages.pofile import write_po
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.text import adding_languages, catalogues
from core.text.added_languages import CODE


class Command(BaseCommand):
    help = (
        "Add a language to this site: `add_language sw --blank > sw.po` writes all words of the interface, somebody translates them "
        "(Poedit, Weblate, any editor), `add_language sw sw.po` puts it where the site reads it, unless it would break a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the language, in lower-case letters: sw, pt-br, fa")
        parser.add_argument("file", nargs="?", type=Path, help="a .po file with its words")
        parser.add_argument("--blank", action="store_true", help="print the words to translate")
        parser.add_argument("--name", help="what the language calls itself, if Unicode's tables don't know it")
        parser.add_argument(
            "--right-to-left",
            action="store_true",
            help="it is written from right to left, if Unicode's tables don't know it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code, file = options["code"], options["file"]
        if not CODE.fullmatch(code):
            raise CommandError(f"{code}: write the code of a language in lower-case letters, such as sw, pt-br or fa.")
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
        try:
            with file.open("rb") as content:
                language, lacking, known = adding_languages.add(code, content, name or "", from_the_right)
        except OSError as error:
            raise CommandError(str(error)) from error
        except adding_languages.CannotBeAdded as error:
            raise CommandError(f"{error}\nNothing was added.") from error
        self.stdout.write(f"{language.name} is added: restart web and workers.")
        if lacking:
            self.stdout.write(f"{lacking} of {known} words are not translated yet: they stay in English.")
