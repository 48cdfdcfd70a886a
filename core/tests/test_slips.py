"""“Did you mean gmail.com?”"""

import re

import pytest
from django.conf import settings

from core.privacy import slips
from core.privacy.domains import PROVIDERS

ASKED = {
    "gmial.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.co": "gmail.com",
    "gamil.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gmial.con": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.fe": "hotmail.fr",
    "outlok.com": "outlook.com",
    "yaho.com": "yahoo.com",
    "iclud.com": "icloud.com",
    "t-onlin.de": "t-online.de",
    # The ending alone, of any mailbox that many people have.
    "live.con": "live.com",
    "msn.con": "msn.com",
    "qq.con": "qq.com",
    "aol.cm": "aol.com",
    "hotmail.c": "hotmail.com",
    "live.vom": "live.com",
    "me.comm": "me.com",
    "yahoo.co": "yahoo.com",
    "gmx.dee": "gmx.de",
    "gmx.con": "gmx.com",
    "gmx.ne": "gmx.net",
    "web.ed": "web.de",
    "web.d": "web.de",
    "yandex.r": "yandex.ru",
    "uol.com.b": "uol.com.br",
    "yahoo.com.rb": "yahoo.com.br",
    "yahoo.co.u": "yahoo.co.uk",
    "libero.itt": "libero.it",
    # Nothing ends so.
    "example.con": "example.com",
    "mail.example.vom": "mail.example.com",
}
RIGHT = [
    "gmail.com",
    "mail.com",
    "gmx.de",
    "gmx.net",
    "hotmail.de",
    "yahoo.de",
    "example.org",
    "web.de",
    "me.com",
    "gov.uk",
    "x.com",
    "example.co",
    "example.cm",
    "example.c",
    "example.com",
    "con",
    ".con",
    "yahoo.co.uk",
    "yahoo.com.br",
    "outlook.co.id",
    "live.co.uk",
    "mail.co",
    "web.de",
    "gmx.at",
    "hotmail.gr",
    "hotmail.se",
    "outlook.cz",
    "yandex.com",
]


@pytest.mark.parametrize(("typed", "meant"), ASKED.items())
def test_a_slip_of_the_finger_is_asked_about(typed, meant):
    assert slips.meant(f"ana.b@{typed}") == f"ana.b@{meant}"


@pytest.mark.parametrize("domain", RIGHT)
def test_what_looks_right_is_left_alone(domain):
    assert slips.meant(f"ana@{domain}") == ""


@pytest.mark.parametrize("address", ["", "ana", "@", "@gmial.com", "ana@"])
def test_what_is_no_address_is_left_alone(address):
    assert slips.meant(address) == ""


def test_no_domain_is_a_slip_of_a_known_one():
    known = [*slips.MEANT, *slips.KNOWN, *slips.THERE, *PROVIDERS]
    assert [domain for domain in known if slips.meant(f"ana@{domain}")] == []
    assert len({*known}) == len([*slips.MEANT, *slips.KNOWN, *slips.THERE])


@pytest.mark.parametrize("domain", [*slips.MEANT, *slips.KNOWN])
def test_a_known_domain_without_its_last_letter_or_with_two_is_asked_about(domain):
    """Where nothing else is there, and no other one is as near."""
    for typed in (domain[:-1], domain + domain[-1]):
        asked = slips.meant(f"ana@{typed}").removeprefix("ana@")
        assert asked == domain or typed in slips.THERE or (asked and typed in slips.misspelt(asked)), typed


def test_the_script_has_the_same_lists():
    script = (settings.BASE_DIR / "static/js/meant.js").read_text()
    for name, domains in (("meant", slips.MEANT), ("known", slips.KNOWN), ("there", slips.THERE), ("com", slips.COM)):
        assert re.search(rf'const {name} = "([^"]+)"', script)[1].split() == domains
