"""The parts of docs/organisers.md that need the level "standard", or a second person: each step by its number, to what the guide promises."""

import pytest
from django.core.cache import cache

from operations.recovery import sealing
from petitions import tally
from tests import factories
from tests.deliveries import names, unpacked, written
from tests.exports import officer
from tests.guide import Reader, sections
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
PAPER, DELIVERY = "On paper", "When you hand it over"
FOLLOWED = {PAPER, DELIVERY}


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
    assert reader.fetched.content.startswith(b"%PDF")
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


def test_a_pack_is_fetched_by_whoever_asked_and_anybody_can_check_what_was_handed_over(live, settings):
    identity, recipient = sealing.new_identity()
    settings.EXPORT_RECIPIENTS = [recipient]
    factories.name_for_target(live, "Zoé")
    factories.signature(live.petition, name="Never Asked")
    tally.settle_all()
    asker, organiser = Reader(officer()), Reader(officer("organiser", "organiser"))
    steps = sections()[DELIVERY]
    assert [*steps] == [1, 2, 3, 4, 5]
    asker.do(steps[1])
    delivery = live.deliveries.get()
    written(delivery)
    asker.come_to(asker.place)
    asker.do(steps[2])
    files = unpacked(asker.fetched, identity)
    assert names(files) == ["Zoé"]
    organiser.do(steps[3])
    delivery.refresh_from_db()
    assert delivery.handed_over_at and delivery.moment and not delivery.receipt
    organiser.do(steps[4])
    [organiser.holds] = [content for name, content in files.items() if name.endswith(".pdf")]
    organiser.do(steps[5])
    assert "R-77" in organiser.page.text
    assert "Yes: this is" in organiser.page.one("[role=status]").text
    organiser.holds += b"one byte more"
    organiser.do(steps[5])
    assert "No: this is none" in organiser.page.one("[role=alert]").text
