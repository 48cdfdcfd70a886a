"""What a linter does not know: HTML is parsed by a parser, and code is written so that tools need not look away."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, sources

SEARCHES = ("compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "split")
CUTS = ("split", "rsplit", "partition", "rpartition", "index", "rindex", "find")
# A tag (but no group's name, no look-behind, no converter of an address), or an attribute with its value (but no selector).
MARKUP = re.compile(r"""(?<!\(\?)(?<!\(\?P)<(?!\\w\+:)/?[a-z(\[\\]|(?<![\[\w-])[\w-]+=\\?["']""")
MOST = {"fmt: skip": 40, "type: ignore": 13}


def said(node):
    """The text of a literal, with what an f-string fills in left out."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant)]
    return "".join(
        text.decode("latin-1") if isinstance(text, bytes) else text for text in texts if isinstance(text, str | bytes)
    )


def digs_in_markup(call):
    """Whether a call looks for a piece of HTML by a pattern or by its place."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
        return False
    of_re = isinstance(call.func.value, ast.Name) and call.func.value.id == "re"
    wanted = SEARCHES if of_re else CUTS
    return call.func.attr in wanted and MARKUP.search(said(call.args[0])) is not None


def test_no_test_digs_in_html_by_a_pattern():
    files = list(sources("test_*.py", "tests/*.py", "conftest.py", "demo/*.py"))
    assert len(files) > 130
    for file in files:
        if file != Path(__file__):
            found = [node.lineno for node in ast.walk(ast.parse(file.read_text())) if digs_in_markup(node)]
            assert not found, f"{file.relative_to(ROOT)}, lines {found}: tests/html.py reads HTML"


@pytest.mark.parametrize(
    "line",
    [
        """re.findall(r'<input[^>]*>', page)""",
        """re.search(r'name="([^"]+)"', tag)""",
        """re.sub(rb"(?s)<textarea.*?</textarea>", b"", body)""",
        """re.search(rf'id="weight-{slug}"[^>]*>', page)""",
        """page.split("<h1>")[1]""",
        """page.index('class="go"')""",
    ],
)
def test_what_digs_in_html_is_seen(line):
    assert any(map(digs_in_markup, ast.walk(ast.parse(line))))


@pytest.mark.parametrize("mark", MOST)
def test_tools_are_seldom_told_to_look_away(mark):
    found = [str(path.relative_to(ROOT)) for path in sources() for _ in range(path.read_text().count(f"# {mark}"))]
    assert len(found) <= MOST[mark], found
