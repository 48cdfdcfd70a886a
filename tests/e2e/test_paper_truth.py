"""What is printed says what the page says; here, since `make test` needs no Pango."""

import pypdfium2
import pytest
from django.contrib.humanize.templatetags.humanize import intcomma

from progress import definitions
from progress.figures import public_figures
from progress.tests import test_one_truth
from tests.html import Html

pytestmark = pytest.mark.django_db
campaign, FIGURES = test_one_truth.campaign, test_one_truth.FIGURES


def test_paper_says_what_the_page_says(client, campaign):
    answer = client.get(f"/c/{campaign.slug}/progress.pdf")
    text = " ".join(
        " ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(answer.content)
    )
    figures = public_figures(campaign)
    everything = definitions.signatures(campaign, figures) + definitions.ladder(campaign, figures)
    for figure in everything:
        assert figure.number == FIGURES[figure.key]
        assert f"{figure.label} {intcomma(figure.number)}" in text, figure.key
    assert "62% of 2,000" in text
    assert "47% of 5,000" in text
    page = Html(client.get(f"/c/{campaign.slug}/progress/"))
    assert page.one(".standing").text in text
    assert "As of 25 November 2026, 06:30 UTC." in text
