import time

from core.crypto.ids import uuid7


def test_ids_are_version_7_in_order_and_all_different():
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert first.version == second.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first < second
    assert abs((first.int >> 80) / 1000 - time.time()) < 5
    assert len({uuid7() for _ in range(1000)}) == 1000
