"""What anybody may type costs little time, however long or nested it is."""

from __future__ import annotations

import time

import pytest

from tests import factories


def nested(depth: int) -> str:
    """An address in a link in brackets beside the same address, in a link in brackets beside it, and so on."""
    text = "ana@example.org"
    for _ in range(depth):
        inside = text.replace("%", "%25").replace("<", "%3C").replace(">", "%3E")
        text = f"ana@example.org<mailto:{inside}>"
    return text


SLOW = {
    "nested": {"email": nested(18)},
    "ticks": {"email": "ana@example.org" + "')" * 2_400},
    "letters": {"name": "a" * 40_000},
    "marks": {"name": "a" + "\u0300\u0316" * 20_000},
    "points": {"name": "a." * 100_000},
    "comment": {"comment": "\u0300\u0316" * 100_000},
}


@pytest.mark.requirement("A28")
@pytest.mark.parametrize("typed", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("address", ["/c/{}/sign/", "/my/", "/c/{}/pledge/"])
def test_no_form_takes_long_to_read(client, live, typed, address):
    if "pledge" in address:
        live = factories.campaign(status="interest", launched_at=None, pledge_threshold=5)
    client.post(address.format(live.slug), factories.typed())
    begun = time.process_time()
    answer = client.post(address.format(live.slug), factories.typed(network="x", remind="day", **typed))
    assert answer.status_code in (200, 303, 422)
    assert time.process_time() - begun < 0.5


@pytest.mark.requirement("A28")
@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a" + "\u0300\u0316" * 100_000, "a." * 150_000], ids=["letters", "marks", "points"]
)
@pytest.mark.parametrize("network", ["x", "bluesky", "whatsapp"])
def test_no_post_takes_long_to_read(client, live, network, text):
    begun = time.process_time()
    assert client.post(f"/c/{live.slug}/act/go/{network}/", {"text": text}).status_code == 422
    assert time.process_time() - begun < 2
