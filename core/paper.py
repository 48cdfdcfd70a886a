"""Pages as paper and as pictures: HTML and the one stylesheet, set by WeasyPrint, which needs Pango from the system.

Without it nothing else breaks: `available()` is False, and whoever offers paper says so.
"""

from __future__ import annotations

import io
import logging
from functools import cache
from typing import Any

from django.conf import settings
from PIL import Image, ImageFile

from core import palette

log = logging.getLogger(__name__)
PAPER = "static/css/paper.css"
# CSS pixels to the points of a PDF.
POINTS = 0.75


class Unprintable(Exception):
    """WeasyPrint can't set this page."""


@cache
def available() -> bool:
    try:
        _weasyprint()
    except (ImportError, OSError):
        log.warning("no paper: WeasyPrint finds no Pango on this system")
        return False
    return True


def pdf(html: str) -> bytes:
    """A tagged PDF. Nothing is fetched: what the page shows is in it."""
    weasyprint = _weasyprint()
    # As on a screen: paper.css says what paper wants, and the stylesheet's print rules are for browsers.
    page = weasyprint.HTML(string=html, url_fetcher=_only_data(), media_type="screen")
    style = weasyprint.CSS(string=palette.stylesheet() + _paper(), media_type="screen")
    try:
        return bytes(page.write_pdf(stylesheets=[style], pdf_tags=True))
    except Exception as error:
        # Its layout gives up on rare pages, in ways that it has no one name for.
        log.exception("this page can't be set")
        raise Unprintable from error


def png(html: str) -> bytes:
    """The first page as a picture, one point for each CSS pixel; its size is the page's."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(html))
    try:
        drawn: Image.Image = document[0].render(scale=1 / POINTS).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    # Flat colours: a palette halves the bytes and nobody sees it.
    drawn.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _weasyprint() -> Any:
    """Loaded when it is needed, for it is large; it asks Pillow to put up with broken pictures everywhere, which is undone."""
    import weasyprint

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


@cache
def _paper() -> str:
    return (settings.BASE_DIR / PAPER).read_text()


def _only_data() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["data"])
