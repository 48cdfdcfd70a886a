"""Crowds behind one mail domain or one IP address: what is told of them, and that nobody is found by them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.privacy import domains
from petitions import crowds
from petitions.models import Decision, Signature
from petitions.tests.test_selection import NOON, browser, facts, listed, moderator, page  # noqa: F401 - fixtures
from tests import factories, scale
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db
NIGHT = NOON.replace(hour=2)


def crowd(live, domain, number, **fields):
    """So many of one domain, each from a client of its own."""
    label = domains.label(f"x@{domain}")
    fields = {"domain": label, "signed_at": NOON, "confirmed_at": NOON + timedelta(days=1), **fields}
    for one in range(number):
        own = {"client_hash": f"{domain} {one}".encode()[-16:].rjust(16)} | fields
        factories.signature(live.petition, **own)


def shown(answer, kind="domains"):
    """The rows of one table, without their marks."""
    rows = Html(answer).find(f"table[data-crowd={kind}] tbody tr")
    return [
        [cell.text.partition(" ")[2] if not at else cell.text for at, cell in enumerate(row.find("td"))] for row in rows
    ]


@pytest.fixture
def forged(live):
    """A crowd of machines, one of people, and some more."""
    crowd(live, "offers.example", 30, seconds=1, signed_at=NIGHT, country="NO", client_hash=b"1" * 16)
    crowd(live, "offers.example", 10, seconds=20, country="DE")
    crowd(live, "university.example", 25)
    crowd(live, "family.example", crowds.LEAST - 1)
    crowd(live, "office.example", crowds.LEAST_OF_A_DAY - 1, client_hash=b"2" * 16)


@pytest.mark.requirement("S11")
def test_each_crowd_says_how_it_was_signed_and_few_are_no_crowd(live, browser, forged):  # noqa: F811
    answer = browser.get(page(live))
    own = "a domain of its own"
    assert shown(answer) == [[own, "40", "25%", "75%", "11", "2"], [own, "25", "100%", "0%", "25", "1"]]
    assert shown(answer, "addresses") == [["", "30", "0%", "100%", "1", "1"]]


def test_what_is_ticked_is_all_that_is_found_and_acted_on(live, browser, forged):  # noqa: F811
    answer = browser.get(page(live))
    boxes = Html(answer).values("table[data-crowd=domains] input", "value")
    both = browser.get(page(live), {"domains": boxes})
    assert facts(both)["Found"] == "65"
    one = browser.get(page(live), {"domains": boxes[:1], "country": "DE"})
    assert facts(one)["Found"] == "10"
    (address,) = Html(answer).values("table[data-crowd=addresses] input", "value")
    narrowed = browser.get(page(live), {"domains": boxes, "addresses": address})
    assert facts(narrowed)["Found"] == "30"
    assert Html(narrowed).values("input[type=checkbox][checked]", "value") == [boxes[0], address]
    again = form_of(narrowed, "form[data-crowds]")
    assert again["domains"] == boxes[0] and "country" not in again
    assert len(listed(browser, live, domains=boxes[0], country="DE")) == 1
    browser.post(narrowed.wsgi_request.path, form_of(narrowed, "form[data-what]") | {"what": "remove_automated"})
    decision = Decision.objects.get()
    assert decision.number == 30 and decision.choice["filters"]["domains"] == ",".join(boxes)
    assert set(decision.signatures.values_list("seconds", flat=True)) == {1}


@pytest.mark.requirement("S11")
def test_nobody_reads_which_domain_or_address_it_is(live, browser, forged):  # noqa: F811
    said = browser.get(page(live)).content.decode()
    for row in Signature.objects.all():
        assert row.domain[:8] not in said and bytes(row.client_hash).hex()[:8] not in said


def test_crowds_are_of_ones_teams_alone(live, moderator, browser, forged):  # noqa: F811
    """A mark is the same in all campaigns: it finds nothing in one of another team, neither asked for nor among all."""
    own = factories.campaign()
    crowd(own, "offers.example", crowds.LEAST)
    moderator.campaigns.set([own])
    assert browser.get(page(live)).status_code == 404
    answer = browser.get(page(own))
    assert [row[1] for row in shown(answer)] == [str(crowds.LEAST)]
    (mark,) = Html(answer).values("table[data-crowd=domains] input", "value")
    assert browser.get(page(live, domains=mark)).status_code == 404
    rows = browser.get(reverse("admin:petitions_signature_changelist", query={"domains": mark}))
    keys = Html(rows).values("input[name=_selected_action]", "value")
    assert keys and {Signature.objects.get(pk=key).petition for key in keys} == {own.petition}


@pytest.mark.parametrize("wrong", ["offers.example", "g" * 8, "0123456", "01234567,", "01234567' OR 1=1"])
def test_what_is_no_mark_is_no_condition(live, browser, wrong):  # noqa: F811
    assert browser.get(page(live, domains=wrong)).status_code == 422


def test_a_hundred_crowds_cost_as_many_queries_as_one_and_the_page_stays_small(live, browser):  # noqa: F811
    row, numbers = factories.signature(live.petition), []
    for number in (30, 100 * crowds.LEAST):
        columns = {"id": "gen_random_uuid()", "address_hash": f"sha256(('{number} ' || n)::bytea)"}
        many = {"domain": "md5((n % 100)::text)", "client_hash": "sha256((n % 100)::text::bytea)"}
        scale.multiply(row, number, **columns, **many)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(page(live))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] < 25
    assert len(answer.content) < 150_000
    assert len(Html(answer).find("input, select, textarea")) < 120
    assert {len(shown(answer, kind)) for kind in ("domains", "addresses")} == {crowds.MOST}
