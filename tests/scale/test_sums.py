"""Figures cost as much after a year as after a week: what is read for them does not grow with the cells of the tally."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from petitions import recount, tally
from progress.figures import public_figures
from tests import scale

pytestmark = pytest.mark.django_db


def read(figure, campaign):
    """(rows, pages of 8 kB) that PostgreSQL touches for this, whatever it then does with them."""
    rows = pages = 0
    for statement in scale.asked(lambda: figure(campaign)):
        top = scale.plan(statement, "ANALYZE, BUFFERS, ")
        pages += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        for node in scale.nodes(top):
            if "Relation Name" in node:
                rows += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return rows, pages


@pytest.mark.parametrize(
    ("figure", "most"),
    [
        (lambda campaign: tally.confirmed(campaign.petition), 100),
        (lambda campaign: public_figures(campaign), 200),
        # With what came since, once for each country.
        (lambda campaign: tally.by_country(campaign.petition, timezone.now() - timedelta(hours=1)), 1_000),
    ],
    ids=["confirmed", "all figures", "by country"],
)
def test_a_year_of_cells_costs_what_a_week_costs(young_and_old, figure, most):
    young, old = young_and_old
    (rows, pages), (rows_of_a_year, pages_of_a_year) = read(figure, young), read(figure, old)
    assert rows_of_a_year <= rows * 1.1 and 0 < rows < most
    assert pages_of_a_year <= pages * 1.5


def test_a_sum_over_cells_would_be_seen(young_and_old):
    """As it was before: so much for the test above."""
    young, old = (read(_sum_of_cells, campaign)[0] for campaign in young_and_old)
    assert old > 10 * young > 100_000


def _sum_of_cells(campaign):
    return list(campaign.petition.tallies.values_list("petition").annotate(total=Sum("signatures")))


def test_what_is_read_is_the_sum_all_the_same(young_and_old):
    for campaign, number in zip(young_and_old, (scale.WEEK, scale.YEAR), strict=True):
        cells = campaign.petition.tallies.values_list("signatures", flat=True)
        assert len(cells) == number
        assert tally.confirmed(campaign.petition) == sum(cells) == public_figures(campaign).signatures.count
    assert recount.wrong_sums() == []
