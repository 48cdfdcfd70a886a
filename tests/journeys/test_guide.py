"""The parts of docs/organisers.md that need the level "standard", or a second person: each step by its number, to what the guide promises."""

import pytest
from django.core.cache import cache

from tests.guide import Reader, sections
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
PAPER = "On paper"
FOLLOWED = {PAPER}


def on_paper(browser, campaign):
    """What the progress page says in the section of its own; "" where it has none."""
    cache.clear()
    page = Html(browser.get(f"/c/{campaign.slug}/progress/"))
    return " ".join(part.text for part in page.find("section[aria-labelledby=paper]"))


def test_paper_is_entered_by_one_and_checked_by_another_and_stands_apart(live, staff, client):
    place = f"/admin/campaigns/campaign/{live.pk}/change/"
    reader, colleague = Reader(staff, place), Reader(logged_in(make_staff("colleague@example.org")), place)
    steps = sections()[PAPER]
    assert [*steps] == [1, 2, 3, 4, 5]
    reader.do(steps[1])
    assert reader.fetched.startswith(b"%PDF")
    reader.do(steps[2])
    batch = live.petition.paper_batches.get()
    assert (batch.count, batch.place, batch.entered_by.email) == (40, "Market square", "staff@example.org")
    type(batch).objects.update(count=4)
    reader.do(steps[3])
    batch.refresh_from_db()
    assert batch.count == 40 and batch.is_waiting
    assert "40" not in on_paper(client, live)
    colleague.do(steps[4])
    batch.refresh_from_db()
    assert batch.checked_by.email == "colleague@example.org"
    assert "40" in on_paper(client, live)
    reader.do(steps[5])
    batch.refresh_from_db()
    assert batch.withdrawn_because == "Sheets were copied."
    assert "40 withdrawn" in on_paper(client, live)
