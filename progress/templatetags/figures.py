"""Figures in words, for every template that shows them."""

from __future__ import annotations

from django import template

from campaigns.models import Campaign, KeyMoment
from progress import definitions, sentences
from progress.figures import PublicFigures
from progress.pace import Growth

register = template.Library()


@register.simple_tag
def matching_caption(figures: PublicFigures) -> str:
    """What the number of posts counts: the query that is really asked, by anyone, for or against."""
    return definitions.matching(figures.query, marked=True)


@register.filter
def at_zero(figures: list[definitions.Defined]) -> list[definitions.Defined]:
    """Those that have nothing to say yet; what is not known is none of them."""
    return [figure for figure in figures if figure.number == 0]


@register.inclusion_tag("components/standing.html")
def standing(
    campaign: Campaign, figures: PublicFigures, growth: Growth | None = None, next_moment: KeyMoment | None = None
) -> dict[str, object]:
    """How it stands, in sentences: `growth` and `next_moment` where the page has them."""
    return {"sentences": sentences.standing(campaign, figures, growth or Growth(), next_moment)}
