"""Languages that an operator added to this site (`manage.py add_language`): a folder for each, below LANGUAGES_FOLDER.

It is read once, when the settings are, so Django is not set up yet. What can't be read is left out: no file here may keep the
site from starting.
"""

from __future__ import annotations

import gettext
import json
import re
import struct
from pathlib import Path
from typing import NamedTuple

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language, to_locale

CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
ABOUT, CATALOGUE = "language.json", "LC_MESSAGES/django.mo"


class Added(NamedTuple):
    """`name` is English, `name_local` its own; `bidi`: written from right to left."""

    code: str
    name: str
    name_local: str
    bidi: bool


def path_of(folder: Path, code: str) -> Path:
    """Where a language's files are."""
    return folder / to_locale(code)


def added(folder: Path | None) -> list[Added]:
    """Every language of the folder that is whole; `faults` says what is wrong with the others."""
    return [language for language in map(_read, _folders(folder)) if isinstance(language, Added)]


def faults(folder: Path | None) -> list[str]:
    if folder and not folder.is_dir():
        return [f"there is no folder {folder}"]
    return [reason for reason in map(_read, _folders(folder)) if isinstance(reason, str)]


def introduce(languages: list[Added]) -> None:
    """Django knows a hundred languages; the others are told to it."""
    for language in languages:
        LANG_INFO.setdefault(language.code, {"code": language.code, **language._asdict()})


def _folders(folder: Path | None) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder and folder.is_dir() else []


def _read(path: Path) -> Added | str:
    code = to_language(path.name)
    if not CODE.fullmatch(code):
        return f"{path} is not named like the code of a language"
    if not (path / CATALOGUE).is_file():
        return f"{path / CATALOGUE} is missing"
    try:
        with (path / CATALOGUE).open("rb") as file:
            gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        return f"{path / CATALOGUE} can't be read ({type(error).__name__})"
    try:
        about = json.loads((path / ABOUT).read_text())
        return Added(code, str(about["name"]), str(about["name_local"]), bool(about["bidi"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{path / ABOUT} can't be read ({type(error).__name__})"
