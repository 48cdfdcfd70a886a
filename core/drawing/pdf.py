"""Pages as PDF and as pictures: HTML and the one stylesheet, set by WeasyPrint (core/drawing/pdf_worker.py), which needs Pango from
the system.

Without it nothing else breaks: `available()` is False, and whoever offers a PDF says so.
"""

from __future__ import annotations

import json
import logging
import subprocess  # nosec B404: only our own module is run, without a shell
import sys
from functools import cache

from django.conf import settings

from core.drawing import palette

log = logging.getLogger(__name__)
STYLESHEET = "static/css/pdf.css"
WORKER = [sys.executable, "-m", "core.drawing.pdf_worker"]
# Seconds after which a page is given up.
LONGEST = 40
# CSS pixels to the points of a PDF.
POINTS = 0.75


class Unprintable(Exception):
    """This page can't be set."""


class Busy(Unprintable):
    """Not in time: another day it may be."""


@cache
def available() -> bool:
    """Whether this system can set a page; asked once, by setting one."""
    try:
        return bool(render("<p>Outcry</p>"))
    except Unprintable:
        log.warning("no PDF: WeasyPrint does not run here; it needs Pango")
        return False


def render(html: str) -> bytes:
    """A tagged PDF. Nothing is fetched: what the page shows is in it. Raises Unprintable."""
    return _set(html)


def render_png(html: str) -> bytes:
    """The page as a picture, one point for each CSS pixel. Raises Unprintable for what needs a second page."""
    return _set(html, scale=1 / POINTS)


def _set(html: str, **more: float) -> bytes:
    page = json.dumps({"html": html, "css": palette.stylesheet() + _stylesheet(), **more}).encode()
    try:
        finished = subprocess.run(  # nosec B603
            WORKER, input=page, capture_output=True, timeout=LONGEST, check=True, cwd=settings.BASE_DIR
        )
    except (subprocess.SubprocessError, OSError) as error:
        last = getattr(error, "stderr", None) or b""
        log.warning("a page can't be set: %s %s", type(error).__name__, last.decode(errors="replace").strip()[-200:])
        raise (Busy if isinstance(error, subprocess.TimeoutExpired | OSError) else Unprintable) from error
    return finished.stdout


@cache
def _stylesheet() -> str:
    return (settings.BASE_DIR / STYLESHEET).read_text()
