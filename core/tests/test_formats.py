"""Lists, spans, durations, shares and money as each language writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format, number_format

from core.templatetags.numbers import moment_pattern, percent, percent_pattern
from core.text import formats

EVENING = datetime(2026, 11, 24, 20, 29, 1, tzinfo=UTC)
THIN, STICKS = "\u2009", "\xa0"


def shown(language, function, *args):
    with translation.override(language):
        return function(*args)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "2 days and 23 hours"),
        ("es", "2 días y 23 horas"),
        ("fr", f"2{STICKS}jours et 23{STICKS}heures"),
        ("ar", "يومان و23 ساعة"),
        ("xzz", "2 days and 23 hours"),
    ],
)
def test_a_duration_has_two_units_with_a_word_between_them(language, words):
    assert shown(language, formats.duration, timedelta(hours=71, minutes=59)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "1 minute"),
        (0.5, "1 minute"),
        (60, "1 hour"),
        (121, "2 hours and 1 minute"),
        (1441, "1 day"),
        (7 * 1440 - 1, "6 days and 23 hours"),
        (7 * 1440 + 60, "7 days"),
        (400 * 1440, "400 days"),
    ],
)
def test_a_duration_is_as_exact_as_one_wants_it(minutes, words):
    assert formats.duration(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A, B and &lt;C&gt;"), ("fr", "A, B et &lt;C&gt;"), ("ar", "A وB و&lt;C&gt;")]
)
def test_a_list_ends_as_its_language_ends_it_and_is_safe(language, words):
    assert shown(language, formats.listed, ["A", "B", "<C>"]) == words


@pytest.mark.parametrize(
    ("language", "words", "apart"),
    [
        ("en", "24–30 Nov 2026", f"24 Nov{THIN}–{THIN}1 Dec 2026"),
        ("es", "24–30 nov 2026", f"24 nov{THIN}–{THIN}1 dic 2026"),
        ("fr", "24–30 nov. 2026", f"24 nov.{THIN}–{THIN}1 déc. 2026"),
        ("ar", "\u206824–30 نوفمبر 2026\u2069", "\u206824 نوفمبر – 1 ديسمبر 2026\u2069"),
    ],
)
def test_days_say_a_month_once(language, words, apart):
    first = date(2026, 11, 24)
    assert shown(language, formats.days, first, date(2026, 11, 30)) == words
    assert shown(language, formats.days, first, date(2026, 12, 1)) == apart
    assert shown(language, formats.days, first, first) == shown(language, date_format, first, "DATE_FORMAT")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", f"24 November 2026, 20:29{THIN}–{THIN}22:29 UTC"),
        ("es", f"24 de noviembre de 2026, 20:29{THIN}–{THIN}22:29 UTC"),
        ("fr", f"24 novembre 2026, 20{STICKS}h{STICKS}29{THIN}–{THIN}22{STICKS}h{STICKS}29 UTC"),
        ("ar", "\u206824 نوفمبر 2026، 20:29\u2069 – \u206822:29 UTC\u2069"),
    ],
)
def test_moments_of_one_day_say_it_once(language, words):
    assert shown(language, formats.moments, EVENING, EVENING + timedelta(hours=2)) == words
    assert shown(language, formats.moments, EVENING, EVENING + timedelta(days=1)).count("2026") == 2


@pytest.mark.parametrize(
    ("language", "words", "exact"),
    [
        ("en", "24 Nov 2026, 20:29", "24 Nov 2026, 20:29:01"),
        ("fr", f"24 nov. 2026, 20{STICKS}h{STICKS}29", "24 nov. 2026, 20:29:01"),
        ("es", "24 nov 2026, 20:29", "24 nov 2026, 20:29:01"),
        ("ar", "24 نوفمبر 2026، 20:29", "24 نوفمبر 2026، 20:29:01"),
    ],
)
def test_a_label_has_a_short_month(language, words, exact):
    with translation.override(language):
        assert formats.day_and_time(formats.short_day(EVENING, with_year=True), EVENING) == words
        assert formats.exact(EVENING) == exact


@pytest.mark.parametrize(
    ("language", "whole", "part", "money", "number"),
    [
        ("en", "13%", "12.6%", "US$12,345.50", "12,345"),
        ("es", f"13{STICKS}%", f"12,6{STICKS}%", f"12.345,50{STICKS}US$", "12.345"),
        ("fr", f"13{STICKS}%", f"12,6{STICKS}%", f"12\u202f345,50{STICKS}$US", "12\u202f345"),
    ],
)
def test_shares_money_and_numbers(language, whole, part, money, number):
    with translation.override(language):
        assert (formats.share(0.126), formats.share(0.126, 1)) == (whole, part)
        assert percent(13) == percent_pattern().replace("{number}", "13") == whole
        assert formats.dollars(Decimal("12345.50")) == money
        assert number_format(12345, force_grouping=True) == number


def test_a_script_writes_a_moment_as_the_page_does():
    with translation.override("fr"):
        assert moment_pattern() == f"{{day}} {{month}} {{year}}, {{hour}}{STICKS}h{STICKS}{{minute}} UTC"
