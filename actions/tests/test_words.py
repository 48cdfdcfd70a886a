"""Samples and composers."""

import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from actions import samples
from actions.models import SampleTweet, Target
from actions.networks import COMPOSER_HOSTS, COMPOSERS, MEASURES, NETWORKS, PLEDGED
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
            link = network.link(text)
            query = parse_qs(urlsplit(link).query)
            (told,) = query.get("text") or query.get("body")
            assert told.replace("\r\n", "\n") == text


def test_browsers_may_leave_for_the_hosts_of_composers_and_nowhere_else():
    assert COMPOSER_HOSTS == [
        "https://x.com",
        "https://bsky.app",
        "https://www.threads.com",
        "https://wa.me",
        "mailto:",
    ]
    for network in NETWORKS.values():
        assert not network.composer or any(network.composer.startswith(host) for host in COMPOSER_HOSTS)


def test_a_network_without_a_button_is_only_pledged():
    assert list(COMPOSERS) == ["x", "bluesky", "threads", "whatsapp", "mail", "copy"]
    assert [slug for slug, _name in PLEDGED] == ["x", "bluesky", "threads", "mastodon", "other"]


def test_scripts_and_server_measure_alike_by_name():
    script = (settings.BASE_DIR / "static/js/weigh.js").read_text()
    known = script.split("const measures = {")[1].split("};")[0]
    assert all(re.search(rf"\b{name}\b", known) for name in MEASURES)
    assert {network.measure for network in NETWORKS.values()} - {""} == set(MEASURES)


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
