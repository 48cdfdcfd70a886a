import time

import pytest

from actions.length import fits, reads_as_reply, weighted_length


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("hello", 5),
        ("éà", 2),
        ("e\u0301", 1),
        ("سلام", 4),
        ("漢字", 4),
        ("\u2014", 1),
        ("\u2026", 2),
        ("\u2019", 1),
        ("😀", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇪🇸", 2),
        ("👍🏽", 2),
        ("1️⃣", 2),
        ("https://example.org/a/very/long/path?with=query", 23),
        ("example.com", 23),
        ("see https://example.org now", 4 + 23 + 4),
        ("https://a.example.org https://b.example.org", 47),
        ("@handle #tag", 12),
        ("e.g. this", 9),
    ],
)
def test_weights(text, weight):
    assert weighted_length(text) == weight


def test_the_limit():
    assert fits("a" * 280)
    assert not fits("a" * 281)
    assert fits("漢" * 140)
    assert not fits("漢" * 141)
    assert not fits("   ")


def test_a_post_that_begins_with_a_handle_reads_as_a_reply():
    assert reads_as_reply("@a do it")
    assert reads_as_reply("  @a do it")
    assert not reads_as_reply(".@a do it")


@pytest.mark.parametrize("length", [560, 10_007, 200_000])
def test_no_text_keeps_us_busy(length):
    text = ("http://" + "a." * length)[:length]
    started = time.perf_counter()
    weighted_length(text)
    assert time.perf_counter() - started < 0.5
