"""Every word of the interface stands in every language, with the right placeholders; and what runs is what was written."""

import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from tests.house.sources import ROOMS
from tests.html import Html

ROOT = Path(settings.BASE_DIR)
APPS = tuple(sorted(ROOMS | {"config"}))
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|%%|\{\w+\}")


def catalogue(language):
    with (ROOT / "locale" / language / "LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


def words_of(source):
    """Every (context, forms) that Python asks for; None where a message has no context."""
    for _line, function, message, _comments in extract_python(
        io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        assert function
        forms = message if isinstance(message, tuple) else (message,)
        yield (forms[0], forms[1:]) if "pgettext" in function else (None, forms)


def used():
    """(context, words) of every message that code and templates ask for."""
    found = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            if not {"tests", "migrations"} & set(file.parts):
                found |= set(words_of(file.read_text()))
    for file in (ROOT / "templates").rglob("*.*"):
        # A template's indentation means nothing, and would be wrong in Python.
        found |= set(words_of(re.sub(r"(?m)^[ \t]+", "", templatize(file.read_text()))))
    return {(context, forms[0]) for context, forms in found if forms[0]}


def test_gettext_has_no_other_name():
    """Nobody would find the words that are given to it."""
    found = [
        (str(file.relative_to(ROOT)), name.asname)
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname not in (None, "_")
    ]
    assert found == []


def test_no_words_are_asked_for_within_a_formatted_string():
    """They are not collected there."""
    found = [
        (str(file.relative_to(ROOT)), call.lineno)
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert found == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_untranslated_and_nothing_is_left_over(language):
    known = {
        (message.context, message.id[0] if isinstance(message.id, tuple) else message.id)
        for message in catalogue(language)
        if message.id
    }
    asked = used()
    assert len(asked) > 500
    assert asked - known == set()
    assert known - asked == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_there_with_its_placeholders(language):
    for message in catalogue(language):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy, message.id
        assert len(forms) == (catalogue_plurals(language) if len(originals) == 2 else 1), message.id
        for form in forms:
            assert form.strip(), message.id
            assert filled_in(form) == filled_in(originals[-1]), (message.id, form)


def filled_in(text):
    """What stands in a message beside its words: placeholders, and elements with their attributes."""
    elements = Html(f"<p>{text}</p>").find("p *")
    return sorted(PLACEHOLDER.findall(text)), sorted((one.element.tag, str(one.attributes)) for one in elements)


def catalogue_plurals(language):
    return catalogue(language).num_plurals


@pytest.mark.parametrize("language", OTHERS)
def test_what_runs_is_what_was_written(language):
    """The compiled catalogue holds the same words: `make messages` compiles."""
    with (ROOT / "locale" / language / "LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue(language):
        if message.id and not isinstance(message.id, tuple):
            said = compiled.pgettext(message.context, message.id) if message.context else compiled.gettext(message.id)
            assert said == message.string


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("fr", "Signer"), ("es", "Firmar"), ("ar", "التوقيع")])
def test_a_page_speaks_the_language_of_its_url(client, live, language, words):
    page = client.get(f"/{language}/c/{live.slug}/").content.decode()
    assert words in page
    assert "What we ask for" not in page
