"""The two-strand meter: signatures and tweets twisted into one drawing, each filled as far as it has come.

Drawn once, from the same figures, for every place that shows it: page, embed, admin, share image, mail, PDF. Where there is a
stylesheet its colours hold, elsewhere those of its daylight; the tweets' strand is dashed, so that the two differ in black and
white too. It runs from left to right; right-to-left pages mirror it.
"""

from __future__ import annotations

import math

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext

from campaigns.models import Campaign
from core.drawing import palette
from core.templatetags.numbers import percent
from progress.figures import PublicFigures, Strand, Strands

WIDTH, HEIGHT, TURNS = 720, 64, 9
MIDDLE, SWING, THICK = HEIGHT / 2, HEIGHT * 0.2, 11
LEFT, RIGHT = THICK, WIDTH - THICK
PITCH = (RIGHT - LEFT) / TURNS
DASHES = "9 2.5"
TICK = 8
CLEAR = '<path class="halo" stroke="{}" stroke-width="{}" d="{}"/>'


def draw(campaign: Campaign, figures: PublicFigures | Strands, alone: bool = False) -> SafeString:
    """An <svg>, between two that name its ticks; `alone`: without these, for pictures. The campaign's slug keeps its ids apart from
    those of other meters on the page."""
    name, signatures, tweets = "alone" if alone else campaign.slug, figures.signatures, figures.tweets
    colours = {"s": palette.light("accent", campaign.accent), "t": palette.light("second")}
    parts = [
        _strand(name, "s", colours, signatures, _wave(-1)),
        _strand(name, "t", colours, tweets, _wave(1), _wave(1)),
    ]
    if signatures and tweets:
        over = [_crossing(turn, PITCH * 0.3) for turn in range(1, TURNS, 2)]
        # A little shorter than what it lies under, or its ends would show as seams.
        halo = [_crossing(turn, PITCH * 0.24) for turn in range(1, TURNS, 2)]
        parts.append(_strand(name, "s", colours, signatures, "".join(over), "".join(halo)))
    ticks = [] if campaign.is_over else _ticks(signatures, tweets)
    marks = format_html_join(
        "", '<path class="mark" d="M{} {}v{}"/>', ((f"{x:.1f}", top, TICK) for _, x, top, _ in ticks)
    )
    rope = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="rope" viewBox="0 0 {} {}" role="img" aria-label="{}"><defs>{}{}</defs>'
        '<g fill="none" stroke-width="{}">{}</g><g stroke="{}" stroke-width="2">{}</g></svg>',
        WIDTH,
        HEIGHT,
        in_words(figures),
        _clip(name, "s", signatures),
        _clip(name, "t", tweets),
        THICK,
        format_html_join("", "{}", ((part,) for part in parts)),
        palette.light("ink"),
        marks,
    )
    return rope if alone else format_html("{}{}{}", _named(ticks, "s"), rope, _named(ticks, "t"))


def in_words(figures: PublicFigures | Strands) -> str:
    """Says in words what the meter shows, for screen readers."""
    words = []
    if figures.signatures:
        words.append(gettext("signatures %(share)s of the goal") % {"share": percent(figures.signatures.percent)})
    if figures.tweets:
        share = percent(figures.tweets.percent)
        known = gettext("tweets %(share)s of the goal") % {"share": share}
        words.append(known if share else gettext("tweets not known yet"))
    return gettext("%(one)s, %(other)s") % {"one": words[0], "other": words[1]} if len(words) == 2 else "".join(words)


def _strand(
    name: str, kind: str, colours: dict[str, str], strand: Strand | None, path: str, halo: str = ""
) -> SafeString:
    """The strand to the end in the colour of what is still to do, and over it the part that is done; `halo` clears its way."""
    if strand is None:
        return SafeString("")
    dashes = format_html(' stroke-dasharray="{}"', DASHES) if kind == "t" else ""
    clear = format_html(CLEAR, palette.light("paper"), THICK + 6, halo) if halo else ""
    return format_html(
        '{}<path class="{} rest" stroke="{}"{} d="{}"/><g clip-path="url(#{}-{})"><path class="{}" stroke="{}"{} d="{}"/></g>',
        clear,
        kind,
        palette.light("line"),
        dashes,
        path,
        name,
        kind,
        kind,
        colours[kind],
        dashes,
        path,
    )


def _clip(name: str, kind: str, strand: Strand | None) -> SafeString:
    done = float(strand.share or 0) if strand else 0
    width = round(done * (RIGHT - LEFT) + (THICK if done else 0), 1)
    return format_html(
        '<clipPath id="{}-{}"><rect x="{}" width="{}" height="{}" data-strand="{}" data-length="{}"/></clipPath>',
        name,
        kind,
        LEFT - THICK / 2,
        width,
        HEIGHT,
        kind,
        RIGHT - LEFT,
    )


def _wave(side: int) -> str:
    """Half a sine a turn, each as one cubic curve."""
    curves = []
    for turn in range(TURNS):
        lift = MIDDLE + side * (-1) ** turn * SWING * 4 / 3
        start = LEFT + turn * PITCH
        curves.append(
            f"C{start + 0.364 * PITCH:.1f} {lift:.1f} {start + 0.636 * PITCH:.1f} {lift:.1f} {start + PITCH:.1f} {MIDDLE:.0f}"
        )
    return f"M{LEFT:.1f} {MIDDLE:.0f}" + "".join(curves)


def _crossing(turn: int, reach: float) -> str:
    """The piece of the signatures' strand, `reach` to both sides, that passes over the other one at the end of a turn."""
    x = LEFT + turn * PITCH
    tilt = (-1) ** turn * SWING * math.sin(math.pi * reach / PITCH)
    slope = (-1) ** turn * SWING * math.pi / PITCH * math.cos(math.pi * reach / PITCH) * reach * 2 / 3
    return (
        f"M{x - reach:.1f} {MIDDLE + tilt:.1f}C{x - reach / 3:.1f} {MIDDLE + tilt - slope:.1f} "
        f"{x + reach / 3:.1f} {MIDDLE - tilt + slope:.1f} {x + reach:.1f} {MIDDLE - tilt:.1f}"
    )


def _ticks(signatures: Strand | None, tweets: Strand | None) -> list[tuple[str, float, float, int]]:
    """(kind, x, top, number) of the next milestone of each strand: a tick above for signatures, below for tweets."""
    return [
        (kind, LEFT + strand.next_mark / strand.goal * (RIGHT - LEFT), top, strand.next_mark)
        for kind, strand, top in (("s", signatures, 0), ("t", tweets, HEIGHT - TICK))
        if strand and strand.next_mark < strand.goal
    ]


def _named(ticks: list[tuple[str, float, float, int]], kind: str) -> SafeString:
    """The number of a tick, above or below it: apart from the rope, so that it is as large on a phone."""
    places = [(x / WIDTH * 100, number) for of, x, _, number in ticks if of == kind]
    return format_html_join(
        "",
        '<svg xmlns="http://www.w3.org/2000/svg" class="along" height="18" aria-hidden="true"><text x="{}%" y="14" font-size="13" '
        'text-anchor="middle">{}</text></svg>',
        ((f"{100 - place if get_language_bidi() else place:.2f}", intcomma(number)) for place, number in places),
    )
