"""The colours of the stylesheet, for what is drawn without one: there is one palette, and it is static/css/outcry.css."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings

STYLESHEET = "static/css/outcry.css"


@cache
def stylesheet() -> str:
    return (settings.BASE_DIR / STYLESHEET).read_text()


def light(token: str, accent: str = "") -> str:
    """What `--token` is by daylight, as #rrggbb or #rgb; with an `accent`, as that class sets it."""
    return _pair(token, accent)[0]


def dark(token: str, accent: str = "") -> str:
    """The same at night."""
    return _pair(token, accent)[1]


@cache
def _pair(token: str, accent: str) -> tuple[str, str]:
    scope = rf"\.accent-{accent} \{{[^}}]*?" if accent else ""
    found = re.search(rf"{scope}--{token}: light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)", stylesheet())
    if found is None:
        raise LookupError(token)
    return found[1], found[2]
