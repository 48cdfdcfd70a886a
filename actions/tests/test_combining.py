"""Samples put together from parts: which come out, and that none of them floods."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions import combining, opening, samples
from actions.length import weighted_length
from actions.models import SamplePart, SampleTweet
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = {
    "opening": [
        "What is in our river?",
        "We drink this water every day.",
        "My children swim there.",
        "The fish died in spring.",
    ],
    "fact": [
        "The report lies ready since March.",
        "Two hundred tests were paid for by all of us.",
        "Nobody outside has read a page.",
    ],
    "ask": [
        "Publish it now, .{target}. #River",
        "Open the drawer, .{target}! #River",
        "Let us read it, .{target} #River",
    ],
}


@pytest.fixture
def action():
    return factories.tweet_action(samples=0, hashtag="River")


def give(action, parts=PARTS, language="en"):
    for kind, texts in parts.items():
        for text in texts:
            SamplePart.objects.create(action=action, kind=kind, text=text, language=language)


def test_every_opening_with_every_fact_and_ask(action):
    give(action)
    made = combining.store(action)
    assert len(made.texts["en"]) == action.samples.count() == 4 * 3 * 3 - made.too_alike
    assert action.samples.count() >= 20
    text = action.samples.first().text
    assert text.index(next(part for part in PARTS["opening"] if part in text)) == 0
    assert all(weighted_length(sample.text) <= 280 for sample in action.samples.all())


def test_saying_it_twice_changes_nothing_and_a_part_less_takes_its_samples_along(action):
    give(action)
    combining.store(action)
    before = set(action.samples.values_list("pk", flat=True))
    combining.store(action)
    assert set(action.samples.values_list("pk", flat=True)) == before
    SamplePart.objects.filter(text=PARTS["opening"][0]).delete()
    combining.store(action)
    assert not samples.alive(action).filter(text__startswith=PARTS["opening"][0]).exists()


def test_a_veto_outlives_a_new_combining_and_written_samples_stay(action):
    give(action)
    written = SampleTweet.objects.create(action=action, text="By hand .@xmpl_ministry #River")
    combining.store(action)
    vetoed = action.samples.filter(is_combined=True).first()
    vetoed.is_vetoed = True
    vetoed.save()
    SamplePart.objects.filter(text=PARTS["opening"][3]).delete()
    combining.store(action)
    assert action.samples.get(pk=vetoed.pk).is_vetoed
    assert vetoed not in samples.alive(action)
    assert written in samples.alive(action)


def test_too_long_or_like_a_reply_does_not_come_out(action):
    give(action, {"opening": ["x" * 170, "Short."], "ask": ["y" * 90, "Do it {target}"]})
    made = combining.combine(action)
    assert made.too_long == 1
    give(action, {"opening": ["@xmpl_ministry now."]}, "fr")
    assert combining.combine(action).as_reply == 1


def test_the_longest_handle_decides_what_is_too_long(action):
    give(action, {"opening": ["x" * 240], "ask": ["{target}"]})
    action.target.x_handle = "abc"
    action.target.save()
    assert combining.combine(action).too_long == 0
    action.more_targets.add(factories.target(x_handle="a" * 15))
    assert combining.combine(action).too_long == 1


def test_two_that_say_the_same_are_one(action):
    give(
        action,
        {
            "opening": ["Tell us what is in the water of our river"],
            "ask": ["now {target}", "today {target}", "at once or resign {target}"],
        },
    )
    made = combining.combine(action)
    assert (len(made.texts["en"]), made.too_alike) == (2, 1)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("a b c d", "a b c d", 1.0),
        ("a b c d", "e f g h", 0.0),
        ("a b c", "a b d", 0.5),
        ("A, b! c?", "a b c @x #y https://z.org", 1.0),
        ("", "", 1.0),
    ],
)
def test_likeness_is_the_share_of_common_words(one, other, share):
    assert combining.likeness(one, other) == share


def test_each_language_has_its_own(action):
    give(action)
    give(action, {"opening": ["ماذا في نهرنا؟"], "ask": ["انشروا التقرير .{target}"]}, "ar")
    combining.store(action)
    assert action.samples.filter(language="ar").count() == 1
    assert samples.pick(action, "ar").text == "ماذا في نهرنا؟ انشروا التقرير @xmpl_ministry"


@pytest.mark.parametrize("number", [1, 2, 7, 20, 36, 120])
def test_no_text_floods(action, number):
    """Of 10,000 shown, none has more than max(5 %, 1.5 / combinations alive)."""
    SampleTweet.objects.bulk_create(
        SampleTweet(action=action, text=f"Text {index} .{{target}}") for index in range(number)
    )
    alive = list(samples.alive(action))
    shown = Counter(samples.choose(alive).pk for _ in range(10_000))
    assert max(shown.values()) <= 10_000 * max(0.05, 1.5 / number)
    assert len(shown) == number


def test_targets_take_turns_and_the_text_names_whose_turn_it_is(action):
    SampleTweet.objects.create(action=action, text="Do it .{target} #River")
    second, third = factories.target(x_handle="second"), factories.target(x_handle="third")
    action.more_targets.set([second, third])
    shown, after = [], action.target.pk
    for _ in range(3):
        one = samples.pick(action, "en", after=after)
        after = one.target.pk
        shown.append(one.text)
    assert shown == ["Do it @second #River", "Do it @third #River", "Do it @xmpl_ministry #River"]
    assert {samples.pick(action, "en").target.pk for _ in range(60)} == {action.target.pk, second.pk, third.pk}


@pytest.mark.parametrize(
    "text", ["Now #River .{target}", "#river now .{target}", "Now .{target} #River", "Now .{target} (#River)!"]
)
def test_a_hashtag_that_is_kept_back_is_in_no_text(action, text):
    SampleTweet.objects.create(action=action, text=text)
    SampleTweet.objects.filter(text=text).update(text=text)
    action.hashtag_from = timezone.now() + timedelta(hours=1)
    action.save()
    assert "river" not in samples.pick(action, "en").text.lower()
    action.hashtag_from = timezone.now() - timedelta(hours=1)
    assert "river" in samples.pick(action, "en").text.lower()


def test_another_hashtag_that_begins_alike_stays(action):
    action.hashtag_from = timezone.now() + timedelta(hours=1)
    assert samples.compose(action, "Now #Riverside #River", None) == "Now #Riverside"


def test_what_is_out_of_season_is_not_shown(action):
    first = SampleTweet.objects.create(action=action, text="First .{target}")
    second = SampleTweet.objects.create(action=action, text="Second .{target}")
    assert {samples.pick(action, "en", without=[first.pk]).sample for _ in range(20)} == {second}


def test_a_part_stands_once(action):
    give(action, {"opening": ["x"]})
    with pytest.raises(IntegrityError), transaction.atomic():
        give(action, {"opening": ["x"]})
    with pytest.raises(IntegrityError), transaction.atomic():
        give(action, {"fun": ["x"]})


def test_samples_that_were_opened_can_go(action):
    """Two samples opened in one minute: taking them out must not make the two openings one."""
    give(action)
    combining.store(action)
    first, second = action.samples.all()[:2]
    with time_machine.travel("2026-06-15T10:00:10Z", tick=False):
        for sample, client in ((first, b"a"), (second, b"b")):
            opening.record(action, sample, "x", client)
    SamplePart.objects.filter(kind="ask").delete()
    combining.store(action)
    assert first not in samples.alive(action)
    give(action, {"ask": PARTS["ask"]})
    combining.store(action)
    assert first in samples.alive(action)
    action.samples.all().delete()
    opening.settle()
    assert opening.opened(action) == 2
