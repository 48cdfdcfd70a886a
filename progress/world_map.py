"""Signatures by country on a map of the world: behind a table that says the same, never instead of it.

Borders are those of Natural Earth's 1:50m map (public domain), drawn by tools/world; countries too small to be seen are circles.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_countries import countries

from core.drawing import palette
from core.text import formats

WIDTH, HEIGHT, RADIUS = 1000, 465, 5
# (from, to): a shade each, in steps of ten times. Fewer than five are never told apart.
SHADES = [(5, 9), (10, 99), (100, 999), (1_000, 9_999), (10_000, None)]
SWATCH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">'
    '<rect x="0.5" y="0.5" width="19" height="13" fill="{}" fill-opacity="{}" stroke="{}"/></svg>'
)


def shade(number: int) -> int:
    """Returns how dark a country is drawn, from 1 to 5."""
    return next(place for place, (_, most) in enumerate(SHADES, start=1) if most is None or number <= most)


def legend(accent: str) -> list[tuple[SafeString, str]]:
    """(a swatch of each shade, its numbers in words). Drawn as the map is, so that they are alike on paper too."""
    colours = (palette.light("accent", accent), palette.light("edge"))
    return [
        (
            format_html(SWATCH, colours[0], _opacity(place), colours[1]),
            formats.numbers(least, most),
        )
        for place, (least, most) in enumerate(SHADES, start=1)
    ]


def _opacity(place: int) -> str:
    return f"{place / len(SHADES):.1f}"


def draw(by_country: list[tuple[str, int]], accent: str) -> SafeString:
    """An <svg> that stands alone; `by_country` is that of petitions/disclosure.py, "" for the others."""
    world, numbers = _world(), dict(by_country)
    paths = [(shade(numbers[code]), path) for code, path in world["shapes"].items() if numbers.get(code)]
    rest = "".join(path for code, path in world["shapes"].items() if not numbers.get(code)) + world["land"]
    circles = [(shade(numbers[code]), x, y, RADIUS) for code, (x, y) in world["points"].items() if numbers.get(code)]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}">{}'
        '<g class="lines" stroke="{}" stroke-width="0.6"><path fill="{}" class="rest" d="{}"/>'
        '<g class="mine" fill="{}">{}{}</g></g></svg>\n',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        _style(accent),
        palette.light("edge"),
        palette.light("paper"),
        rest,
        palette.light("accent", accent),
        format_html_join("", '<path class="m{}" d="{}"/>', paths),
        format_html_join("", '<circle class="m{}" cx="{}" cy="{}" r="{}"/>', circles),
    )


def _style(accent: str) -> SafeString:
    shades = format_html_join(
        "", ".m{}{{fill-opacity:{}}}", ((place, _opacity(place)) for place in range(1, len(SHADES) + 1))
    )
    return format_html(
        "<style>{}@media(prefers-color-scheme:dark){{.lines{{stroke:{}}}.rest{{fill:{}}}.mine{{fill:{}}}}}</style>",
        shades,
        palette.dark("edge"),
        palette.dark("paper"),
        palette.dark("accent", accent),
    )


@cache
def _world() -> dict[str, Any]:
    """`land`: a path. `shapes`, `points`: by two-letter code."""
    drawn = json.loads((settings.BASE_DIR / "progress/world.json").read_text())
    for kind in ("shapes", "points"):
        drawn[kind] = {_code(key): place for key, place in drawn[kind].items()}
    return dict(drawn)


def _code(key: str) -> str:
    """Two letters; Kosovo has no number in ISO 3166."""
    return countries.alpha2(int(key)) if key.isdecimal() else key
