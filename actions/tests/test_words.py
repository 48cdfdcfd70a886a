"""Samples and composers."""

import re
from collections import Counter
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from actions import samples
from actions.models import SampleTweet, Target
from actions.networks import COMPOSER_HOSTS, COMPOSERS, FRIENDS, MEASURES, NETWORKS, PLEDGED, POSTS
from tests import factories

pytestmark = pytest.mark.django_db


def test_samples_rotate():
    action = factories.tweet_action(samples=4)
    shown = Counter(samples.pick(action, "en").sample.pk for _ in range(400))
    assert len(shown) == 4
    assert max(shown.values()) < 200


def test_another_one_is_another_one():
    action = factories.tweet_action(samples=2)
    first, second = action.samples.all()
    assert {samples.pick(action, "en", first.pk).sample for _ in range(20)} == {second}


def test_the_only_one_is_shown_again():
    action = factories.tweet_action(samples=1)
    only = action.samples.get()
    assert samples.pick(action, "en", only.pk).sample == only


def test_ones_own_language_first_and_any_rather_than_none():
    action = factories.tweet_action(samples=1)
    arabic = SampleTweet.objects.create(action=action, text="سلام .@xmpl_ministry", language="ar")
    assert samples.pick(action, "ar").sample == arabic
    assert samples.pick(action, "fr") is not None
    action.samples.update(is_offered=False)
    assert samples.pick(action, "ar") is None


@pytest.mark.parametrize(("text", "message"), [("a" * 281, "281 of at most 280"), ("@a now", "starts with @")])
def test_a_sample_that_x_would_not_take_or_not_show_is_refused(text, message):
    with pytest.raises(ValidationError, match=message):
        SampleTweet(text=text).clean_fields(exclude=["action"])


def test_links_hold_the_text_whole():
    text = "50% & more? #Tag .@a “ü” https://example.org/?a=1&b=2\nline"
    for network in NETWORKS.values():
        if network.composer:
            link = network.link(text, "https://example.org/c/river/", "A & B")
            query = parse_qs(urlsplit(link).query)
            (told,) = query.get("text") or query.get("body")
            if network.slug == "telegram":
                assert (told, query["url"]) == (text, ["https://example.org/c/river/"])
            else:
                assert told.replace("\r\n", "\n") == f"{text}\nhttps://example.org/c/river/"
            assert query.get("subject") == (["A & B"] if network.slug == "mail" else None)


def test_browsers_may_leave_for_the_hosts_of_composers_and_nowhere_else():
    assert COMPOSER_HOSTS == [
        "https://x.com",
        "https://bsky.app",
        "https://www.threads.com",
        "https://wa.me",
        "https://t.me",
        "sms:",
        "mailto:",
    ]
    for network in NETWORKS.values():
        assert not network.composer or any(network.composer.startswith(host) for host in COMPOSER_HOSTS)


def test_a_network_without_a_button_is_only_pledged():
    assert list(POSTS) == ["x", "bluesky", "threads", "mastodon", "copy"]
    assert list(FRIENDS) == ["whatsapp", "telegram", "signal", "sms", "mail"]
    assert list(COMPOSERS) == [*POSTS, *FRIENDS]
    assert [slug for slug, _name in PLEDGED] == ["x", "bluesky", "threads", "mastodon", "other"]


def test_scripts_and_server_measure_alike_by_name():
    script = (settings.BASE_DIR / "static/js/weigh.js").read_text()
    known = script.split("const measures = {")[1].split("};")[0]
    assert all(re.search(rf"\b{name}\b", known) for name in MEASURES)
    assert {network.measure for network in NETWORKS.values()} - {""} == set(MEASURES)


URL = "https://river.example.org/c/open-the-river-report/from/x/"


@pytest.mark.parametrize(
    ("network", "text", "weight"),
    [
        ("x", "a" * 256, 280),
        ("x", "", 24),
        ("bluesky", "a", 1 + 1 + len("river.example.org/c/open-the-r...")),
        ("threads", "a" * 10, 11 + len(URL)),
        ("mastodon", "a" * 476, 500),
        ("mastodon", "@name@social.example", 5 + 24),
        ("mastodon", "see https://example.org/a/very/long/path.", 4 + 23 + 1 + 24),
        ("telegram", "abc", 3),
        ("mail", "a", 1 + 6 + len(quote(URL, safe=""))),
    ],
)
def test_the_address_weighs_what_it_weighs_there(network, text, weight):
    assert NETWORKS[network].weight(text, URL) == weight


def test_a_short_link_counts_whole_at_bluesky():
    assert MEASURES["bluesky"]("see https://a.example/b/c") == len("see a.example/b/c")
    assert MEASURES["bluesky"]("https://a.example/") == len("a.example")
    assert MEASURES["bluesky"](f"https://a.example/{'b' * 15}") == len("a.example/bbbbbbbbbbbb...")


def test_each_network_has_its_own_handle_or_the_name():
    target = factories.target(bluesky_handle="ministry.example", mastodon_handle="ministry@social.example")
    text = "Dear .@xmpl_ministry, (@XMPL_Ministry) a@xmpl_ministry @xmpl_ministry2"
    for slug, said in (
        ("x", text),
        ("bluesky", "Dear @ministry.example, (@ministry.example) a@xmpl_ministry @xmpl_ministry2"),
        ("mastodon", "Dear @ministry@social.example, (@ministry@social.example) a@xmpl_ministry @xmpl_ministry2"),
        ("threads", "Dear Ministry of Examples, (Ministry of Examples) a@xmpl_ministry @xmpl_ministry2"),
        ("copy", "Dear Ministry of Examples, (Ministry of Examples) a@xmpl_ministry @xmpl_ministry2"),
    ):
        assert samples.readdressed(text, target, NETWORKS[slug]) == said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bluesky_handle", "@a.example"),
        ("bluesky_handle", "nodomain"),
        ("threads_handle", "a b"),
        ("mastodon_handle", "name"),
        ("mastodon_handle", "@name@social.example"),
        ("email", "no address"),
    ],
)
def test_what_is_no_handle_of_a_network_is_refused(field, value):
    with pytest.raises(ValidationError) as caught:
        Target(name="x", reason="x", x_handle="x", **{field: value}).full_clean()
    assert list(caught.value.message_dict) == [field]


def test_a_sample_leaves_room_for_the_address_unless_it_goes_without():
    action = factories.tweet_action(samples=0)
    SampleTweet(action=action, text="a" * 256).full_clean()
    with pytest.raises(ValidationError, match="With the campaign's address X counts 281 of at most 280"):
        SampleTweet(action=action, text="a" * 257).full_clean()
    SampleTweet(action=action, text="a" * 280, has_link=False).full_clean()


@pytest.mark.parametrize("handle", ["@state", "a" * 16, "a b", "", "a-b"])
def test_a_handle_is_a_handle(handle):
    with pytest.raises(ValidationError):
        Target(name="x", reason="x", x_handle=handle).full_clean()


@pytest.mark.parametrize("hashtag", ["#tag", "two words", "123", "", "a-b"])
def test_a_hashtag_is_a_hashtag(hashtag):
    action = factories.tweet_action()
    action.hashtag = hashtag
    with pytest.raises(ValidationError):
        action.full_clean()
