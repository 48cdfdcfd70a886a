import pytest

from core.templatetags.prose import voice
from core.text.markdown import to_html, to_text


def test_prose_is_written_in_markdown():
    assert to_html("## Why\n\n**Loud** [words](https://example.org)") == (
        '<h2>Why</h2>\n<p><strong>Loud</strong> <a href="https://example.org" rel="noopener noreferrer">words</a></p>\n'
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://spy.example/p.png)",
        "<img src=x onerror=alert(1)>",
        "<p style='x'>",
    ],
)
def test_nothing_that_runs_or_calls_out_gets_through(attack):
    html = to_html(attack)
    for bad in ("<script", 'javascript:alert(1)"', "<img", "<p style"):
        assert bad not in html


def test_handles_and_hashtags_keep_their_direction():
    assert voice("Hi .@a_b & #Tag") == 'Hi <wbr><bdi dir="ltr">.@a_b</bdi> &amp; <bdi dir="ltr">#Tag</bdi>'
    assert voice("#نهرنا") == "<bdi>#نهرنا</bdi>"


def test_links_to_our_own_pages_are_whole_addresses():
    """News is read in mails and feeds too."""
    assert 'href="http://testserver/c/river/"' in to_html("[x](/c/river/)")
    assert 'href="//other.example/"' in to_html("[x](//other.example/)")


def test_prose_is_plain_text_where_nothing_else_is_read():
    text = """\
## Why
We **asked** [the ministry](/c/river/) and
<https://example.org>, [by mail](mailto:a@example.org).

- one
- two, *long*
  and more
  1. first
  2. second

> Said
> twice.

---
`code`"""
    assert (
        to_text(text)
        == """\
Why

We asked the ministry (http://testserver/c/river/) and
https://example.org, by mail (mailto:a@example.org).

- one
- two, long
  and more
  1. first
  2. second

> Said
> twice.

* * *

code"""
    )
