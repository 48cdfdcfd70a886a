"""The one cleaner: what is dropped, what stays, what is refused and how that is said."""

from __future__ import annotations

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text.cleaning import cleaned, no_controls
from core.text.forms import CleanForm

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
INVISIBLE = (
    "\ufeff\u00ad\u200b\u2060\u2061\u2064\u200e\u200f\u061c\ufff9\ufffa\ufffb\U000e0001\U000e0067\U000e007f\u206a"
)
TURNING = "\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u202d\u202e"


@pytest.mark.parametrize("sign", INVISIBLE)
@pytest.mark.parametrize("lines", [True, False])
def test_what_nobody_sees_goes(sign, lines):
    for text in (f"{sign}Ana", f"A{sign}na", f"Ana{sign}"):
        assert cleaned(text, lines) == "Ana"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهیم",
        "क्\u200dष",
        "ශ්\u200dරී",
        "ᠨᠢᠭᠡ\u180e᠎ᠠ",
        "👩🏽\u200d🔬",
        "❤\ufe0f",
        SCOTLAND,
        f"a{SCOTLAND}{SCOTLAND}b",
        "\u0600١٢",
        "الحُرِّيَّة",
        "e\u0301",
        "\u2066@xmpl\u2069 and \u202bא\u202c",
    ],
)
def test_what_scripts_and_emojis_need_stays(text):
    assert cleaned(text) == cleaned(text, lines=True) == text
    no_controls(text)


def test_tags_that_no_emoji_bears_go():
    assert cleaned(f"A{SCOTLAND[1:]}na") == "Ana"
    assert cleaned(SCOTLAND[:-1]) == SCOTLAND[0]
    assert cleaned(SCOTLAND + SCOTLAND[1:]) == SCOTLAND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_the_end_of_a_line_is_one_sign(end):
    assert cleaned(f"Ana{end}Lima", lines=True) == "Ana\nLima"
    assert cleaned(f"Ana{end}Lima") == "Ana Lima"


def test_a_tab_is_a_space():
    assert cleaned("Ana\tLima") == cleaned("Ana\tLima", lines=True) == "Ana Lima"


def refusal(text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        no_controls(text)
    assert caught.value.code == "controls"
    return caught.value.messages[0]


@pytest.mark.parametrize("sign", TURNING)
def test_a_turn_that_is_not_closed_is_refused_with_its_name_and_place(sign):
    said = refusal(f"Ana {sign}Lima")
    assert f"U+{ord(sign):04X} ({unicodedata.name(sign).lower()})" in said
    assert "after “Ana” (character 5)" in said


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("\u202eAna\u202c", "U+202E"),
        ("\u202dAna\u202c", "U+202D"),
        ("\u2066Ana\u202c", "U+2066"),
        ("\u2066Ana\nLima\u2069", "U+2066"),
        ("\u2066\u202aAna\u2069\u202c", "U+202A"),
        ("A\x07", "U+0007"),
        ("A\x9bx", "U+009B"),
    ],
)
def test_other_turns_and_controls_are_refused(text, sign):
    assert f": {sign}" in refusal(text)


def test_the_sign_that_is_said_is_the_first_one():
    assert "after “A” (character 2): U+0007." in refusal("A\x07\u202e")
    assert "at its beginning: U+202E" in refusal("\u202eA\x07")


ANY = st.text(
    alphabet=st.one_of(
        st.sampled_from(INVISIBLE + TURNING + SCOTLAND + "\t\r\n\x0b\x85\u2028 a\ufe0f👩\u200d"),
        st.characters(exclude_categories=("Cs",)),
        st.characters(categories=("Cf", "Cc", "Zl", "Zp", "Mn")),
    ),
    max_size=30,
)


@given(text=ANY, lines=st.booleans())
@settings(max_examples=500, deadline=None)
def test_cleaning_twice_changes_nothing_and_nothing_grows_or_is_lost(text, lines):
    once = cleaned(text, lines)
    assert cleaned(once, lines) == once
    assert len(once) <= len(text)

    def seen(words: str) -> str:
        return "".join(sign for sign in words if unicodedata.category(sign)[0] in "LMNPS")

    assert seen(once) == seen(text)


class Typed(CleanForm, forms.Form):
    line = forms.CharField(max_length=8, required=False)
    lines = forms.CharField(max_length=8, required=False, widget=forms.Textarea)
    password = forms.CharField(required=False, widget=forms.PasswordInput)


def test_a_form_takes_the_clean_text_and_measures_that():
    form = Typed({"line": "\ufeffAna\tLima ", "lines": "Ana\r\nLima", "password": "\ufeffp\u202e"})
    assert form.is_valid()
    assert form.cleaned_data == {"line": "Ana Lima", "lines": "Ana\nLima", "password": "\ufeffp\u202e"}
    assert form["line"].value() == "Ana Lima "


def test_a_form_refuses_what_no_text_may_hold():
    assert set(Typed({"line": "A\u202e", "lines": "A\u2066"}).errors) == {"line", "lines"}
