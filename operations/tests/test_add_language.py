"""An operator adds a language: nobody changes code for it, and no catalogue can break a page."""

import gettext
import json
import os
import re
import subprocess
import sys
from io import StringIO

import pytest
from babel.messages.pofile import write_po
from django.conf import settings as real
from django.core.management import CommandError, call_command

from core.text import added_languages, catalogues
from operations.checks import files
from tests.settings import KEYS

HEAD = """
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
LINK = '<a href=\\"%(url)s\\">Read it</a>'


@pytest.fixture
def folder(settings, tmp_path):
    settings.LANGUAGES_FOLDER = tmp_path / "languages"
    return settings.LANGUAGES_FOLDER


def add(tmp_path, code, words, *arguments):
    file = tmp_path / f"{code}.po"
    file.write_text(HEAD.format(code=code) + words)
    out = StringIO()
    call_command("add_language", code, str(file), *arguments, stdout=out)
    return out.getvalue()


def entry(original, *said):
    if len(said) == 1:
        return f'msgid "{original}"\nmsgstr "{said[0]}"\n\n'
    forms = "".join(f'msgstr[{number}] "{text}"\n' for number, text in enumerate(said))
    return f'msgid "{original}"\nmsgid_plural "{original}s"\n{forms}\n'


def test_a_language_is_added_and_told_apart_by_its_direction_and_name(folder, tmp_path):
    said = add(tmp_path, "ur", entry("open", "کھلا"))
    assert "Urdu is added" in said
    assert re.search(r"\d{4} of \d{4} words are not translated yet", said)
    add(tmp_path, "pt-br", entry("open", "aberto"))
    urdu, brazilian = sorted(added_languages.added(folder), reverse=True)
    assert urdu == ("ur", "Urdu", "اردو", True)
    assert brazilian == ("pt-br", "Portuguese (Brazil)", "português (Brasil)", False)
    assert (folder / "pt_BR/LC_MESSAGES/django.mo").is_file()
    assert added_languages.faults(folder) == []


def test_one_that_unicode_does_not_know_is_named_by_hand(folder, tmp_path):
    with pytest.raises(CommandError, match="write its name"):
        add(tmp_path, "xzz", entry("open", "x"))
    add(tmp_path, "xzz", entry("open", "x"), "--name", "Zed", "--right-to-left")
    assert added_languages.added(folder) == [("xzz", "Zed", "Zed", True)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (entry("By %(name)s", "Na %(jina)s"), r"the original has no %\(jina\)s"),
        (entry("By %(name)s", "Na"), r"%\(name\)s is missing"),
        (entry("By %(name)s", "Na %(name)s 5 %"), "write a percent sign twice"),
        (entry("By %(name)s", "Na %(name)"), "write a percent sign twice"),
        (entry("By %(name)s", "Na %s %(name)s"), "write a percent sign twice"),
        (entry("all 100 %%", "yote 100 %"), "write a percent sign twice"),
        (entry("{number}%", "{nambari}%"), r"the original has no \{nambari\}"),
        (entry("{number}%", "%"), r"\{number\} is missing"),
        (entry("{number}%", "{number} {%"), "a brace that belongs"),
        (entry(LINK, "Soma"), "tags"),
        (entry(LINK, '<a href=\\"https://evil.example\\">Soma</a> %(url)s'), "tags"),
        (entry("Read it", "<script>x</script>"), "tags"),
        (entry("Read it", "Soma <script"), "does not begin a tag"),
        (entry("%(number)s hour", "saa %(number)s", "masaa %(numbers)s"), r"the original has no %\(numbers\)s"),
    ],
)
def test_what_would_break_a_page_is_named_and_nothing_is_added(folder, tmp_path, words, reason):
    with pytest.raises(CommandError, match=rf"line \d+: .*{reason}[\s\S]*Nothing was added"):
        add(tmp_path, "sw", words)
    assert not folder.exists()


def test_a_plural_lacks_no_form(folder, tmp_path):
    with pytest.raises(CommandError, match="plural forms needed: 2"):
        add(tmp_path, "sw", entry("%(number)s hour", "saa %(number)s", ""))


@pytest.mark.parametrize(
    "words",
    [
        entry("By %(name)s", "Na %(name)s, 5 %%"),
        entry("5 % of it", "5 %"),
        entry("{number}%", "% {number}"),
        entry(LINK, '<a href=\\"%(url)s\\">Soma</a>'),
        entry("%(number)s hour", "saa moja", "masaa %(number)s"),
        "#, fuzzy\n" + entry("By %(name)s", "Na"),
        entry("By %(name)s", ""),
    ],
)
def test_what_breaks_nothing_is_taken(folder, tmp_path, words):
    assert "is added" in add(tmp_path, "sw", words + entry("open", "wazi"))


@pytest.mark.parametrize("text", ["no catalogue", 'msgid "x"\nmsgstr "y', "\0"])
def test_a_file_that_is_no_catalogue_is_refused(folder, tmp_path, text):
    (tmp_path / "sw.po").write_text(text)
    with pytest.raises(CommandError, match="not a file of translations|none of our texts"):
        call_command("add_language", "sw", str(tmp_path / "sw.po"))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Plural-Forms: nplurals=2; plural=(n/0);", "can't read its rule for plurals"),
        ("Plural-Forms: nplurals=2; plural=__import__;", "can't read its rule for plurals"),
        ("Plural-Forms: nplurals=2; plural=(n > 1 ? 2 : 0);", "a form that does not exist"),
        ("Language: pt_BR", "in another language: pt-br"),
    ],
)
def test_a_header_that_would_break_pages_is_refused(folder, tmp_path, header, reason):
    file = tmp_path / "sw.po"
    file.write_text(HEAD.format(code="sw").replace('\n"Plural', f'\n"{header}\\n"\n"X-Plural') + entry("open", "wazi"))
    with pytest.raises(CommandError, match=reason):
        call_command("add_language", "sw", str(file))
    assert not folder.exists()


def test_what_is_much_too_large_is_not_read(folder, tmp_path):
    file = tmp_path / "sw.po"
    file.write_text(HEAD.format(code="sw") + "# x\n" * 1_100_000)
    with pytest.raises(CommandError, match="too large: 4 MB at most"):
        call_command("add_language", "sw", str(file))


def test_a_correction_replaces_all_of_it_and_leaves_nothing_beside(folder, tmp_path):
    add(tmp_path, "sw", entry("open", "wazi"))
    add(tmp_path, "sw", entry("open", "imefunguliwa"))
    with (folder / "sw/LC_MESSAGES/django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("open") == "imefunguliwa"
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["django.mo", "language.json"]


@pytest.mark.parametrize("arguments", [["../x", "x.po"], ["SW", "x.po"], ["sw"], ["sw", "x.po", "--blank"]])
def test_what_can_not_be_done_is_said(folder, arguments):
    with pytest.raises(CommandError):
        call_command("add_language", *arguments)


def test_a_language_of_ours_is_not_replaced(folder, tmp_path):
    with pytest.raises(CommandError, match="comes with Outcry"):
        add(tmp_path, "fr", entry("open", "ouvert"))


def test_without_a_folder_it_says_what_to_set(settings, tmp_path):
    settings.LANGUAGES_FOLDER = None
    with pytest.raises(CommandError, match="set LANGUAGES_FOLDER"):
        add(tmp_path, "sw", entry("open", "wazi"))


def test_our_own_catalogues_would_be_taken_and_lack_nothing():
    for code in ("ar", "fr", "es"):
        with (real.BASE_DIR / f"locale/{code}/LC_MESSAGES/django.po").open("rb") as words:
            catalogue = catalogues.read(words, code)
        assert list(map(str, catalogues.faults(catalogue))) == []
        assert catalogues.untranslated(catalogue) == 0


def test_a_blank_has_every_word_and_the_plurals_of_its_language(tmp_path):
    file = tmp_path / "pl.po"
    with file.open("w+b") as target:
        write_po(target, catalogues.blank("pl"))
        target.seek(0)
        catalogue = catalogues.read(target, "pl")
    assert catalogue.num_plurals == 3
    assert catalogues.untranslated(catalogue) == len([message for message in catalogue if message.id]) > 1000
    assert catalogue.get("open").string == ""


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: (path / "LC_MESSAGES/django.mo").unlink(), "django.mo is missing"),
        (lambda path: (path / "LC_MESSAGES/django.mo").write_bytes(b"\xde\x12\x04\x95\0"), "django.mo can't be read"),
        (lambda path: (path / "language.json").write_text("{"), "can't be read"),
        (lambda path: path.rename(path.with_name("Swahili!")), "not named like the code"),
    ],
)
def test_a_folder_that_is_spoiled_is_left_out_and_named(folder, tmp_path, spoil, reason):
    add(tmp_path, "sw", entry("open", "wazi"))
    spoil(folder / "sw")
    assert added_languages.added(folder) == []
    [said] = files.added_languages_are_whole()
    assert reason in said.msg


def test_after_the_next_start_the_site_speaks_it(folder, tmp_path):
    add(tmp_path, "ps", entry("open", "پرانیستی"))
    ask = """
import django, json; django.setup()
from django.conf import settings
from django.utils.translation import gettext, override
from core.text.languages import links_for
from core.text.translations import direction
from django.urls import resolve
with override("ps"):
    resolve("/ps/")
    print(json.dumps([gettext("open"), direction("ps"), [(link.code, link.name, link.path) for link in links_for("/x/")]]))
"""
    environment = {**os.environ, **KEYS, "LANGUAGES_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    out = subprocess.run(
        [sys.executable, "-c", ask], cwd=real.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    word, direction, links = json.loads(out.stdout)
    assert (word, direction) == ("پرانیستی", "rtl")
    assert ["ps", "پښتو", "/ps/x/"] in links
