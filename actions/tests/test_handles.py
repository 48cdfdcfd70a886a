"""Hashtags and handles as staff paste them."""

import pytest
from django import forms

from actions.handles import NameField, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("River", "River"),
        (" #River ", "River"),
        ("##River", "River"),
        ("＃川", "川"),
        ("@xmpl_ministry", "xmpl_ministry"),
        ("\u2066@xmpl_ministry\u2069", "xmpl_ministry"),
        ("https://x.com/xmpl_ministry", "xmpl_ministry"),
        ("https://X.com/@xmpl_ministry/", "xmpl_ministry"),
        ("x.com/xmpl_ministry?s=20", "xmpl_ministry"),
        ("http://www.twitter.com/xmpl_ministry/status/5", "xmpl_ministry"),
        ("https://x.com/hashtag/River?src=hashtag_click", "River"),
        ("@name.bsky.social", "name.bsky.social"),
        ("https://bsky.app/profile/name.bsky.social", "name.bsky.social"),
        ("https://www.threads.net/@some.name", "some.name"),
        ("@name@social.example", "name@social.example"),
        ("https://social.example/@name", "name@social.example"),
        ("x.company.example", "x.company.example"),
        ("", ""),
    ],
)
def test_what_stands_in_front_is_dropped(typed, kept):
    assert plain(typed) == kept
    assert plain(kept) == kept


def test_the_field_measures_and_shows_the_plain_one():
    class Form(forms.Form):
        handle = NameField(max_length=15)

    form = Form({"handle": " https://x.com/fifteen_letters"})
    assert form.is_valid()
    assert form.cleaned_data["handle"] == form["handle"].value() == "fifteen_letters"
    assert "maxlength" not in str(form["handle"])
    assert not Form({"handle": "@sixteen_letters_"}).is_valid()
    assert not Form({"handle": "@name"}, initial={"handle": "name"}).has_changed()
