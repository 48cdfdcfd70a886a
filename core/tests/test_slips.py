"""“Did you mean gmail.com?”"""

import re

import pytest
from django.conf import settings

from core.privacy import slips

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
    assert [domain for domain in [*slips.MEANT, *slips.THERE] if slips.meant(f"ana@{domain}")] == []


def test_the_script_has_the_same_lists():
    script = (settings.BASE_DIR / "static/js/meant.js").read_text()
    for name, domains in (("meant", slips.MEANT), ("there", slips.THERE)):
        assert re.search(rf'const {name} = "([^"]+)"', script)[1].split() == domains
