"""Forms are read as a browser sends them (tests/html.py)."""

import pytest

from tests.html import Html, errors_of, form_of

PAGE = """<!doctype html><form><input name="q"></form>
<form action="/x"><ul class="errorlist"><li>Too <b>short</b>.</li></ul>
<input name="plain" value="&amp;é"><input name="empty"><input name="off" value="1" disabled>
<textarea name="text">
two
lines</textarea>
<input type="checkbox" name="yes" checked><input type="checkbox" name="no" value="1">
<input type="radio" name="one" value="a"><input type="radio" name="one" value="b" checked>
<select name="first"><option value="x">X<option value="y">Y</select>
<select name="chosen"><option value="x">X<option value="y" selected>Y</select>
<select name="several" multiple><option selected>1<option selected>2<option>3</select>
<select name="none" multiple><option>1</select>
<input type="file" name="file"><input type="submit" name="_save" value="Save"><button name="verb" value="v">V</button>
<input name="rows-0-x" value="0"><input name="rows-__prefix__-x" value="1"></form>"""


def test_the_fields_of_a_form_are_those_that_a_browser_sends():
    assert form_of(PAGE) == {
        "plain": "&é",
        "empty": "",
        "text": "two\nlines",
        "yes": "on",
        "one": "b",
        "first": "x",
        "chosen": "y",
        "several": ["1", "2"],
        "rows-0-x": "0",
    }
    assert form_of(PAGE.encode(), "form:not([action])") == {"q": ""}


def test_what_is_read_is_the_text_without_markup():
    assert errors_of(PAGE) == ["Too short."]
    assert Html(PAGE).one("form[action]")["action"] == "/x"
    assert Html(Html(PAGE)).without(".errorlist").find("li") == []
    with pytest.raises(AssertionError, match="2 elements are form"):
        Html(PAGE).one("form")
