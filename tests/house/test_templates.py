"""Templates are read by people too."""

import re

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.house.sources import ROOT, sources

TEMPLATES = ROOT / "templates"
LONGEST = 120


def test_no_line_of_a_template_is_longer_than_120():
    """Of mails in plain text as well: what is inside `{% blocktranslate trimmed %}` may be wrapped anywhere."""
    files = [file for file in TEMPLATES.rglob("*") if file.is_file()]
    assert len(files) > 100
    long = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert long == []


def test_every_template_that_is_named_exists():
    """In the view of an answer that no test asks for, too."""
    folders = "|".join(sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()))
    name = re.compile(rf"[\"']((?:{folders})/[\w/]+\.(?:html|txt|xml|svg))[\"']")
    files = [*sources(), *(file for file in TEMPLATES.rglob("*") if file.is_file())]
    named = {(str(file.relative_to(ROOT)), found) for file in files for found in name.findall(file.read_text())}
    assert len(named) > 150
    assert [(file, found) for file, found in sorted(named) if not is_there(found)] == []


def is_there(name):
    """Ours, or one of a library's."""
    try:
        return get_template(name) is not None
    except TemplateDoesNotExist:
        return False


# Of a number above 999 a template makes "1,000", which is no key, no size and no page.
# A key may be a UUID, of which "d" makes nothing.
KEYS = re.compile(
    r"\bpk\|stringformat:.d|"
    r"\{\{ *[\w.]*\b(?:pk|id|page_number)\s*\}\}|\{\{ *[\w.]*_page_number\s*\}\}"
)
SIZES = re.compile(
    r"\s(?:width|height|max|min|rows|cols|value|(?:max|min)length|(?:col|row)span)=[\"']\{\{ *([\w.]+)\s*\}\}"
)
# Texts, or rendered by what is not ours.
TEXTS = {
    "attrs.cols",
    "attrs.id",
    "attrs.rows",
    "attrs.value",
    "challenge.proof",
    "challenge.ticket",
    "crowd.mark",
    "length",
    "made_from",
    "shown",
    "value",
    "widget.asked",
    "words",
}


def test_numbers_of_machines_have_no_separators():
    found = [
        (str(file.relative_to(TEMPLATES)), match[0].strip())
        for file in TEMPLATES.rglob("*.html")
        for pattern in (KEYS, SIZES)
        for match in pattern.finditer(file.read_text())
        if not (pattern is SIZES and match[1] in TEXTS) and "attrs.id" not in match[0]
    ]
    assert found == []


def test_no_template_writes_a_percentage_by_hand():
    """Each language has its own sign, on its own side: `|percent`. Lengths of drawings are for machines."""
    by_hand = re.compile(r"^[^\n]*\}\}\s?%[^\n]*", re.MULTILINE)
    found = [
        (str(file.relative_to(TEMPLATES)), match[0].strip())
        for file in TEMPLATES.rglob("*.html")
        for match in by_hand.finditer(file.read_text())
        if 'width="{{ length }}%"' not in match[0]
    ]
    assert found == []
