"""What people read is said as docs/voice.md wants it, in every language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from tests.house.test_languages import OTHERS, catalogue, filled_in, words_of
from tests.html import Html

ROOT = Path(settings.BASE_DIR)
VOICE = (ROOT / "docs/voice.md").read_text()
LONGEST = 25
# What visitors, donors, journalists and targets read.
PAGES = ("public", "components", "progress", "mails", "errors", "campaigns", "petitions")
CODE = (
    "public",
    "progress",
    "campaigns",
    "core/switches.py",
    "core/text",
    "core/web",
    "core/privacy",
    "actions/length.py",
    "actions/linking.py",
    "actions/networks.py",
    "petitions/consent.py",
    "petitions/forms.py",
    "petitions/mails.py",
    "petitions/views.py",
)
# What nginx shows while nobody else can: no catalogue has it, and each language stands in it.
AWAY = Path("static/errors/away.html")
# What is no text besides elements and code; the last are operators of X.
NO_TEXT = re.compile(r"%\(\w+\)s|\{\w+\}|https?://\S+|-is:\w+")
# The one text that the reader says to a friend.
TO_A_FRIEND = "Hi! I think this matters"


def sources():
    for folder in PAGES:
        yield from (path for path in (ROOT / "templates" / folder).rglob("*.*") if not path.name.startswith("admin_"))
    yield ROOT / "templates/base.html"
    for place in CODE:
        paths = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
        yield from (path for path in paths if not {"tests", "migrations"} & set(path.parts))


def said():
    """Every English text that the public reads, with its file."""
    for path in sources():
        source = path.read_text()
        if path.suffix != ".py":
            source = re.sub(r"(?m)^[ \t]+", "", templatize(source))
        for _context, forms in words_of(source):
            for text in filter(None, forms):
                yield path.relative_to(ROOT), text
    for text in away():
        yield AWAY, text


def away(language="en"):
    """Every text of that page in this language."""
    html = Html((ROOT / AWAY).read_text())
    places = "main > h1, main > p" if language == "en" else f"[lang={language}] > *"
    return [found.element.text_content() for found in html.find(places)]


def fenced(heading):
    """The words of the fenced block below a heading of docs/voice.md."""
    return re.search(rf"^#+ {heading}\n.*?^```\n(.*?)^```", VOICE, re.MULTILINE | re.DOTALL).group(1)


def sentences(text):
    return re.split(r"(?<=[.!?])\s+", read(text, "one"))


def read(text, instead=" "):
    """What is read of a text: `instead` for placeholders and addresses."""
    return NO_TEXT.sub(instead, Html(f"<p>{text}</p>").without("code").element.text_content())


def translations(language):
    for message in catalogue(language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms if message.id else ():
            yield originals[0], form
    yield from zip(away(), away(language), strict=True)


def test_there_is_much_to_read():
    assert len(set(said())) > 600
    assert len(fenced("Banned phrases").splitlines()) > 15


def test_no_sentence_is_longer_than_one_can_say():
    long = [
        (str(path), sentence)
        for path, text in said()
        for sentence in sentences(text)
        if len([word for word in sentence.split() if re.search(r"\w", word)]) > LONGEST
    ]
    assert long == []


def test_no_banned_phrase_is_said():
    banned = re.compile(
        r"(?<!\w)(?:" + "|".join(map(re.escape, fenced("Banned phrases").splitlines())) + ")", re.IGNORECASE
    )
    assert [(str(path), text) for path, text in said() if banned.search(text)] == []


@pytest.mark.parametrize(("language", "name"), [("es", "Spanish"), ("fr", "French"), ("ar", "Arabic")])
def test_the_reader_is_addressed_in_one_form(language, name):
    wrong = set(fenced(name).split())
    mixed = []
    for original, text in translations(language):
        words = {word.casefold() for word in re.findall(r"[\w’-]+", read(text))}
        if language == "ar":
            words |= {word[1:] for word in words if word[0] in "وف"}
        tu = {word for word in words if language == "fr" and word.startswith("t’")}
        if (words & wrong or tu) and not original.startswith(TO_A_FRIEND):
            mixed.append(text)
    assert mixed == []


def test_arabic_has_its_own_commas_and_question_marks():
    assert [text for _original, text in translations("ar") if re.search(r"[,;?]", read(text))] == []


def test_french_has_its_own_apostrophes_and_spaces():
    for _original, text in translations("fr"):
        plain = read(text, "…")
        assert "'" not in plain, text
        assert not re.search(r"(?<!\u202f)[;:!?»]|«(?!\u202f)", plain), text


# A word that loses its vowel before another one. Numbers and dates begin with a digit, and take none away.
ELIDED = re.compile(r"(?i)(?<![\w’])(?:de|le|la|je|me|se|ne|ce|si|que|jusque|lorsque|puisque) [@«\u202f]*[%{]\(?(\w+)")
COUNTED = re.compile(
    "date|days?|earliest|end|fewest|goal|hours|latest|mark|marked|moment|most|new|number|over|shown|since|start|steps?|time|weight|when"
)


def test_no_french_word_before_a_name_would_lose_its_vowel():
    """“de %(organisation)s” is wrong for Amnesty, “d’%(organisation)s” for Greenpeace."""
    found = [
        text
        for _original, text in translations("fr")
        if not all(map(COUNTED.fullmatch, ELIDED.findall(Html(f"<p>{text}</p>").element.text_content())))
    ]
    assert found == []


def test_spanish_has_its_own_quotation_marks_and_opens_its_questions():
    for _original, text in translations("es"):
        plain = read(text)
        assert not re.search('[“”"]', plain), text
        assert plain.count("?") == plain.count("¿"), text
        assert plain.count("!") == plain.count("¡"), text


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_left_in_english(language):
    english = [
        text for original, text in translations(language) if text == original and len(read(text, "").split()) > 2
    ]
    assert english == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 100])
def test_every_number_has_its_form(language, number):
    plurals = [message.id for message in catalogue(language) if isinstance(message.id, tuple)]
    assert len(plurals) > 10
    with translation.override(language):
        for one, many in plurals:
            text = translation.ngettext(one, many, number)
            assert filled_in(text) == filled_in(many), one
            assert language != "ar" or text not in (one, many), one
