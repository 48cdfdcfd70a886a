"""An export of a million is written in as little memory as one of a hundred thousand: part after part, each as a stream."""

import tracemalloc
from datetime import timedelta

import pytest
from django.utils import timezone

from operations.recovery import sealing
from petitions.exports import writing
from petitions.models import Export, ExportPart
from tests import factories, scale

pytestmark = pytest.mark.django_db
PART = 5_000
COMMENT = "Because it is my river, and my children's. " * 3


@pytest.fixture
def petition(settings):
    """Twenty thousand who agreed to be shown."""
    settings.EXPORT_RECIPIENTS = [sealing.new_identity()[1]]
    made, ago = factories.petition(), timezone.now() - timedelta(hours=1)
    row = factories.signature(made, comment=COMMENT, show_name_at=ago, confirmed_at=ago)
    scale.multiply(row, 4 * PART - 1, id="gen_random_uuid()", address_hash="sha256(('exported ' || n)::bytea)")
    return made


def peak(act):
    """The most memory that Python took for it, in bytes."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_more_parts_take_no_more_memory(petition, format, monkeypatch):
    monkeypatch.setattr(writing, "PART", PART)
    monkeypatch.setattr(writing, "TURN", 600.0)
    by, now = factories.User.objects.create(username="officer"), timezone.now()
    export = Export.objects.create(
        petition=petition,
        purpose="names",
        format=format,
        reason="x",
        asked_by=by,
        state="writing",
        began_at=now,
        expires_at=now + Export.LIVES,
    )
    # What is loaded at the first use is not looked at.
    writing.write_next(export)
    one = peak(lambda: writing.write_next(export))
    others = peak(writing.take_turn)
    rows = list(ExportPart.objects.values_list("rows", flat=True))
    assert rows == [PART] * 4
    assert others < one * 1.2
