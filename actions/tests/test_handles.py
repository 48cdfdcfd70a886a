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
        ("https://mobile.twitter.com/xmpl_ministry", "xmpl_ministry"),
        ("m.x.com/xmpl_ministry", "xmpl_ministry"),
        ("https://twitter.com/#!/xmpl_ministry", "xmpl_ministry"),
        ("https://twitter.com/intent/user?region=x&screen_name=xmpl_ministry&s=1", "xmpl_ministry"),
        ("https://x.com/xmpl_ministry/with_replies", "xmpl_ministry"),
        ("https://x.com/search?q=%23River&src=typed_query", "River"),
        ("https://x.com/hashtag/%E0%A4%A8%E0%A4%A6%E0%A5%80?src=x", "नदी"),
        ("https://bsky.app/hashtag/River", "River"),
        ("https://social.example/tags/River", "River"),
        ("\ufeff@xmpl\u200b_ministry\u200f", "xmpl_ministry"),
        ("\u202a@xmpl_ministry\u202c", "xmpl_ministry"),
        ("＠xmpl_ministry", "xmpl_ministry"),
        ("Cafe\u0301", "Café"),
        ("https://Social.Example/@name/1234", "name@social.example"),
        ("https://social.example/users/name", "name@social.example"),
        ("https://www.threads.com/@some.name/post/abc", "some.name"),
        ("https://bsky.app/profile/name.bsky.social/post/abc", "name.bsky.social"),
        ("x.company.example", "x.company.example"),
        (".@xmpl_ministry", "xmpl_ministry"),
        ('"@xmpl_ministry"', "xmpl_ministry"),
        ("«@xmpl_ministry»،", "xmpl_ministry"),
        ("<https://x.com/xmpl_ministry>", "xmpl_ministry"),
        ("https://x.com/xmpl_ministry,", "xmpl_ministry"),
        ("//x.com/xmpl_ministry", "xmpl_ministry"),
        ("(#River)", "River"),
        ("home", "home"),
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


@pytest.mark.parametrize(
    "path", ["i/user/1", "home", "Explore", "search", "settings/account", "messages", "notifications", "intent/post"]
)
def test_a_page_of_x_is_no_account(path):
    class Form(forms.Form):
        handle = NameField(max_length=15)

    form = Form({"handle": f"https://x.com/{path}"})
    assert form.errors == {"handle": ["This is a page of X, not an account."]}
    assert form["handle"].value() == f"https://x.com/{path}"
    assert Form({"handle": path.partition("/")[0]}).is_valid()
