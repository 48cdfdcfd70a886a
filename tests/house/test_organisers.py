"""docs/organisers.md, from an idea to the next campaign: each step is followed here, or in tests/journeys/test_guide.py."""

import pytest

from campaigns.models import Campaign, Status
from tests.guide import NAMED, TYPED, Reader, sections
from tests.journeys import test_guide


def steps():
    return [step for found in sections().values() for step in found.values()]


def test_the_guide_has_steps_and_names_what_is_to_be_done():
    assert len(steps()) > 25
    assert all(NAMED.search(step) for step in steps()), [step for step in steps() if not NAMED.search(step)]
    italic = {words.lower() for step in steps() for _, words in NAMED.findall(step) if words}
    assert italic == set(TYPED), italic ^ set(TYPED)


@pytest.mark.django_db
def test_whoever_follows_the_guide_comes_from_an_idea_to_the_next_campaign(staff):
    reader = Reader(staff)
    for heading, found in sections().items():
        for step in found.values() if heading not in test_guide.FOLLOWED else []:
            reader.do(step)
    first, second = Campaign.objects.order_by("pk")
    assert (first.slug, first.status, first.safety) == ("river", Status.ARCHIVED, "high")
    assert first.launched_at and first.updates.get().mailing_at and first.responses.exists()
    assert first.recap.text
    assert (second.slug, second.status) == ("river-2", Status.DRAFT)
    assert second.moments.get().is_day_of_action
