import pytest
from django.core.exceptions import ValidationError

from core.web.forms import no_controls, plain_name


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "Ana María O'Neill-Śmigły",
        "محمد بن سلمان",
        "李小龍",
        "J.R. Ewing",
        "Dr. No",
        "Zoe 🌍",
        "J.Me",
        "می\u200cخواهم",
        "Md.Ali",
    ],
)
def test_names_as_people_have_them(name):
    plain_name(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ana\u202eevil", "controls"),
        ("Ana\u2066x", "controls"),
        ("Ana\x00", "controls"),
        ("Ana\x1b[0m", "controls"),
        ("Ana\ud800", "controls"),
        ("Ana\nX-Header: 1", "lines"),
        ("http://spam.example", "url"),
        ("buy at spam.com now", "url"),
        ("WWW.spam", "url"),
        ("=cmd()", "formula"),
        ("+1", "formula"),
        ("-1", "formula"),
        ("@ana", "formula"),
        ("  =1", "formula"),
    ],
)
def test_what_is_no_name(name, code):
    with pytest.raises(ValidationError) as caught:
        plain_name(name)
    assert caught.value.code == code


def test_a_text_may_have_lines_but_no_controls():
    no_controls("one\r\ntwo\n")
    with pytest.raises(ValidationError):
        no_controls("bell \x07")
