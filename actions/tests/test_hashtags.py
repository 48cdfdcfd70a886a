"""Hashtags in every script, wherever one is recognised."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions import letters, matching, samples
from actions.combining import likeness
from actions.handles import plain
from actions.models import TweetAction
from actions.x.answers import Post, User
from core.templatetags.prose import voice
from core.text import hashtags
from xsim import Simulator
from xsim.query import parse

NAMES = [
    "नदी",
    "हिन्दी_में",
    "বাংলাদেশ",
    "สวัสดี",
    "தமிழ்நாடு",
    "မြန်မာ",
    "ශ්\u200dරී_ලංකා",
    "می\u200cخواهیم",
    "الحُرِّيَّة",
    "سلام",
    "свобода",
    "Straße",
    "İstanbul",
    "Kıbrıs",
    "Café",
    "Cafe\u0301",
    "Δημοκρατία",
    "川を守れ",
    "ナ゛シ・ゴレン",
    "강",
    "CAFE",
    "ＣＡＦＥ",
    "カワ",
    "ｶﾜ",
    "الله",
    "ﷲ",
    "ﬁnish",
    "2030Goals",
    "_river",
]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def cases(name):
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    return {case for form in forms for case in (form, form.lower(), form.upper(), form.title(), form.casefold())}


def test_it_is_taken(name):
    hashtags.validate(name)
    TweetAction._meta.get_field("hashtag").clean(name, None)


@pytest.mark.parametrize("wrong", ["12345", "١٢٣", "a-b", "a b", "a.b", "", "#a", "_", "a\u200bb", "🌍", "\u0301"])
def test_what_is_none_is_refused_with_the_reason(wrong):
    with pytest.raises(ValidationError, match="A hashtag (has letters|needs a letter)"):
        hashtags.validate(wrong)


def test_it_is_found_in_any_case_and_composition(name):
    for said in cases(name):
        for text in (f"Now #{said}!", f"#{said}", f"«＃{said}»", f"Now\n#{said} and more"):
            assert hashtags.has(text, name), text
            assert hashtags.without(text, name) == hashtags.without(text), text
            assert said not in hashtags.without(text, name)


@pytest.mark.parametrize("more", ["क", "ि", "ا", "\u0301", "x", "9", "_"])
def test_a_longer_one_is_another_one(name, more):
    text = f"Now #{name}{more}"
    assert not hashtags.has(text, name)
    assert hashtags.without(text, name) == text


def test_a_piece_of_a_word_or_of_an_address_is_none():
    for text in ("https://example.org/#River", "a#River", "नदी#River", "R&#River"):
        assert not hashtags.has(text, "River")
    assert not hashtags.says("#RiverReport", "River")
    assert hashtags.says("no#River", "River")
    assert hashtags.without("no#River", "River") == "no"


def post(text):
    return Post(1, 1, 1, text, timezone.now(), User(1, "ana", "Ana"))


def test_a_query_is_read_alike_by_us_and_by_the_simulator(name):
    simulator = Simulator()
    simulator.add_user("ann")
    for said in cases(name):
        for text, expected in (
            (f"See #{said}, now", True),
            (f"See ＃{said}", True),
            (f"See #{said}x", False),
            (f"See x#{said}", False),
        ):
            assert matching.matches(f"#{name}", post(text)) is expected, text
            shown = simulator.add_post("ann", text)
            assert parse(f"#{name}").matches(shown, simulator.corpus) is expected, text


@pytest.mark.parametrize(
    ("one", "other"), [("CAFE", "ＣＡＦＥ"), ("カワ", "ｶﾜ"), ("الله", "ﷲ"), ("2030Goals", "２０３０Goals")]
)
def test_what_differs_in_width_or_form_is_another_one(one, other):
    simulator = Simulator()
    simulator.add_user("ann")
    for name, said in ((one, other), (other, one)):
        text = f"See #{said}, now"
        assert not hashtags.has(text, name)
        assert not matching.matches(f"#{name}", post(text))
        assert not parse(f"#{name}").matches(simulator.add_post("ann", text), simulator.corpus)


def test_a_word_is_a_word_in_every_script():
    assert not matching.matches("नद", post("नदी"))
    assert matching.matches("नदी", post("यह नदी।"))
    assert likeness("यह नदी", "यह नदि") < 1
    assert likeness("#नदी हमारी", "हमारी") == 1


def test_a_post_is_cut_nowhere_within_it(name):
    assert voice(f"x #{name} y").count("<bdi") == 1
    assert voice(f"x #{name} y").endswith("</bdi> y")


def test_a_sample_and_a_letter_lose_all_of_it(name):
    action = TweetAction(hashtag=name)
    assert samples.without_hashtag(action, f"Open it #{name.upper()} now") == "Open it now"
    assert letters._sentence(f"Open it #{name} now", "Ministry") == "Open it now"


@pytest.mark.parametrize("typed", ["#{}", " ＃{} ", "https://x.com/hashtag/{}?src=hashtag_click", "\u200e#{}\u200f"])
def test_it_is_kept_plain_and_composed(name, typed):
    assert plain(typed.format(name)) == unicodedata.normalize("NFC", name)
