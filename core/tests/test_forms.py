import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.text import hosts
from core.text.forms import CleanForm
from core.web.forms import LightCleaning, LongSelect, no_controls, plain_name


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
        "Dr.Win Myint",
        "Md.Al Amin",
        "K.Vol/Bos",
        "St.Gallen",
        "st.gallen/bern",
        "dr.win myint",
        "Prof.Dr.Live Olsen",
        "Anna.Win",
        "Mr.Bet/Ms.Club",
        "Dr. J. Smith",
        "DR.WIN MYINT",
        "Dr.med. Anna Lima",
        "mst.zara khatun",
        "St.John",
        "J.R.R. Tolkien",
        "J.R.R.Tolkien",
        "Ma.Teresa",
        "Ma.de los Ángeles",
        "M.de la Cruz",
        "Ma.Cristina",
        "Ma. Co",
        "Md.Rahim",
        "md.al amin",
        "Sr.José",
        "Prof.Md.Karim",
        "மு.க.ஸ்டாலின்",
        "கி.ராஜநாராயணன்",
        "ডা.দীপু মনি",
        "মো.রহিম",
        "डॉ.भारत शर्मा",
        "د.عمر",
        "Larry.Page",
        "Д.И. Менделеев",
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
        ("see example.org", "url"),
        ("See Example.Org", "url"),
        ("EXAMPLE.ORG", "url"),
        ("www.example.org/x", "url"),
        ("dr.example.com", "url"),
        ("anna.win", "url"),
        ("t.co/x", "url"),
        ("see x.com", "url"),
        ("x.com", "url"),
        ("X.COM", "url"),
        ("X.Com", "url"),
        ("g.co", "url"),
        ("see ms.com", "url"),
        ("Ms.Com", "url"),
        ("rev.com", "url"),
        ("rev.com.", "url"),
        ("prof.org", "url"),
        ("visit gen.xyz", "url"),
        ("gen.xyz today", "url"),
        ("dr.io now", "url"),
        ("md.live", "url"),
        ("नदी.com", "url"),
        ("नदी.Com", "url"),
        ("see हिन्दी.org", "url"),
        ("see ဗမာ.net", "url"),
        ("ဗမာ.example/x", "url"),
        ("हिन्दी.भारत", "url"),
        ("例子.中国", "url"),
        ("see example.jp", "url"),
        ("see example.se", "url"),
        ("see example.ca!", "url"),
        ("example.ngo", "url"),
        ("example.coop", "url"),
        ("example.page", "url"),
        ("EXAMPLE.PAGE", "url"),
        ("my.example.page is here", "url"),
        ("example.xn--p1ai", "url"),
        ("Casino.Bet", "url"),
        ("Best.Casino", "url"),
        ("example\uff0eorg", "url"),
        ("example。org", "url"),
        ("пример.рф", "url"),
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


@pytest.mark.parametrize("value", ["", "ES", "<&>", "nowhere", None])
@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("attrs", [{}, {"autocomplete": "country", "disabled": True, "hidden": False, "title": '"<b>'}])
def test_a_long_select_is_written_as_django_writes_one(value, required, attrs):
    choices = [("", "Choose <one>"), ("ES", "España"), ("<&>", "O'Neill & <b>"), ("7", 7)]

    class Form(forms.Form):
        theirs = forms.ChoiceField(choices=choices, required=required, widget=forms.Select(attrs))
        ours = forms.ChoiceField(choices=choices, required=required, widget=LongSelect(attrs))

    form = Form(initial={"theirs": value, "ours": value})
    assert str(form["ours"]).replace("ours", "theirs") == str(form["theirs"])


def test_the_ends_of_addresses_are_those_that_the_browser_knows():
    """They are read out of the script for browsers: whoever writes it otherwise must read it otherwise."""
    found = hosts.ends()
    assert {"com", "coop", "ngo", "page", "jp", "موقع", "भारत"} <= found
    assert len(found) > 1_000
    assert not [
        end
        for end in found
        if not all(sign.isalnum() or sign == "-" or unicodedata.category(sign)[0] == "M" for sign in end)
    ]


class Person(CleanForm, LightCleaning, forms.Form):
    name = forms.CharField(max_length=5, help_text="Yours.")
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    colour = forms.ChoiceField(choices=[("red", "Red"), ("blue", "Blue")])
    agrees = forms.BooleanField(required=False)

    def clean_name(self):
        if self.cleaned_data["name"] == "Bob":
            raise ValidationError("Not Bob.", code="bob")
        return self.cleaned_data["name"].upper()


@pytest.mark.parametrize("prefix", [None, "a"])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"name": " Ana ", "number": "7", "colour": "red", "agrees": "on"},
        {"name": "Anastasia", "number": "x", "colour": "green"},
        {"name": "Bob", "colour": "blue"},
        {"name": "A\0na", "colour": "blue", "number": "1\0"},
    ],
)
def test_light_cleaning_finds_what_django_finds(sent, prefix, monkeypatch):
    data = {f"{prefix}-{name}" if prefix else name: value for name, value in sent.items()}

    def found():
        form = Person(data, prefix=prefix)
        return form.is_valid(), form.cleaned_data, form.errors.get_json_data()

    light = found()
    monkeypatch.delattr(LightCleaning, "_clean_fields")
    assert light == found()


def test_light_cleaning_makes_no_bound_field():
    form = Person({"name": "Ana", "colour": "red"})
    assert form.is_valid() and not form._bound_fields_cache
