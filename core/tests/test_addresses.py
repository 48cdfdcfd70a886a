import pytest
from django.core.exceptions import ValidationError

from core.addresses import canonical, plain
from core.hashes import address_hash, address_hashes, keyed_hash


@pytest.mark.parametrize(
    ("typed", "owned"),
    [
        ("Ana@Example.org", "ana@example.org"),
        (" ana@example.org ", "ana@example.org"),
        ("ana+river@example.org", "ana@example.org"),
        ("a.n.a+x@gmail.com", "ana@gmail.com"),
        ("a.na@googlemail.com", "ana@gmail.com"),
        ("a.na@example.org", "a.na@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("+tag@example.org", "+tag@example.org"),
    ],
)
def test_one_mailbox_has_one_spelling(typed, owned):
    assert canonical(typed) == owned


def test_hashes_are_keyed_by_purpose_and_version(settings):
    settings.HASH_KEYS = {1: b"a" * 32, 2: b"b" * 32}
    assert address_hash("ana@example.org") == address_hash("ANA@example.org", 2)
    assert address_hash("ana@example.org", 1) != address_hash("ana@example.org", 2)
    assert set(address_hashes("ana@example.org")) == {
        address_hash("ana@example.org", 1),
        address_hash("ana@example.org", 2),
    }
    assert keyed_hash("address", "x") != keyed_hash("name", "x")
    with pytest.raises(KeyError):
        address_hash("ana@example.org", 3)


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?joe?=@example.org", '"joe"@example.org', '"j\\oe"@example.org', "joe@@example.org", "jöe@example.org",
        "\x01joe@example.org", "joe <joe@example.org>", "joe@exa mple.org", "a@b@example.org", "joe@" + "ü" * 70 + ".org",
    ],
)  # fmt: skip
def test_spellings_that_mail_programs_read_as_another_address_are_refused(address):
    with pytest.raises(ValidationError):
        plain(address)


@pytest.mark.parametrize(
    "address", ["joe@example.org", "j.o'e+tag@sub.example.org", "joe@bücher.example", "=joe=@example.org"]
)
def test_addresses_as_people_have_them(address):
    plain(address)
