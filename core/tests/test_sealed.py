from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.crypto import sealed

HOUR = timedelta(hours=1)
FACTS = {"email": "ana@example.org", "name": "Ana", "comment": "سلام\r\n漢字 😀"}


def test_what_was_sealed_comes_back_and_cannot_be_read():
    token = sealed.seal("page", FACTS)
    assert sealed.unseal("page", token, HOUR) == FACTS
    assert b"ana@example.org" not in urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert sealed.seal("page", FACTS) != token


@pytest.mark.parametrize(
    "facts",
    [{}, FACTS, {"comment": "漢字かな交じり文 " * 50}, {"comment": "a" * 1_480}, {"comment": "b" * 5_000}],
    ids=["nothing", "some", "packed", "nearly full", "much of the same"],
)
def test_it_is_as_long_for_one_as_for_another(facts):
    token = sealed.seal("page", facts)
    assert len(token) == len(sealed.seal("page", {}))
    assert sealed.unseal("page", token, HOUR) == facts


def test_what_there_is_no_room_for_is_refused():
    with pytest.raises(ValueError, match="no room"):
        sealed.seal("page", {"comment": "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(900))})


def test_it_is_good_for_a_while():
    now = datetime.now(UTC)
    token = sealed.seal("page", FACTS)
    with time_machine.travel(now + timedelta(minutes=59)):
        assert sealed.unseal("page", token, HOUR) == FACTS
    with time_machine.travel(now + timedelta(minutes=61)):
        with pytest.raises(sealed.TooOld):
            sealed.unseal("page", token, HOUR)
        assert sealed.genuine("page", token)


def test_it_is_for_one_purpose_and_every_change_is_noticed():
    token = sealed.seal("page", FACTS)
    assert not sealed.genuine("other page", token)
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert not sealed.genuine("page", changed), place
    for forged in (
        "",
        "A",
        "nonsense",
        "ü",
        token[:-1],
        f"{token}A",
        f"{token}=",
        f"{token[:40]}\n{token[40:]}",
        "a" * 9_000,
    ):
        assert not sealed.genuine("page", forged)
        with pytest.raises(sealed.BadSeal):
            sealed.unseal("page", forged, HOUR)


def test_an_older_key_still_opens_and_a_newer_one_seals(settings):
    token = sealed.seal("page", FACTS)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlcnM=", *old]
    assert sealed.unseal("page", token, HOUR) == FACTS
    settings.FIELD_KEYS = old[:0] + ["YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlcnM="]
    assert not sealed.genuine("page", token)


def test_a_machine_whose_clock_is_behind_takes_what_was_just_sealed():
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        token = sealed.seal("x", {"a": "b"})
    assert sealed.unseal("x", token, timedelta(hours=1)) == {"a": "b"}
