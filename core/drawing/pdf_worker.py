"""Sets pages in a process of its own, so that nobody who signs waits for its processor, its memory or its faults.

`python -m core.drawing.pdf_worker` reads a page from each line of its input, {"html", "css"} for a PDF, with "scale" for a PNG of
its only page, and answers each with a line, {"fault", "size"}, and so many bytes. Imports nothing of ours."""

from __future__ import annotations

import ctypes.util
import io
import json
import os
import sys
from typing import Any

# How far a page stands behind what visitors wait for (nice).
BEHIND = 5


class TwoPages(Exception):
    """What should fit a picture does not."""


def no_library(name: str) -> str | None:
    """In place of a search that starts a compiler for each name: WeasyPrint goes on to the name of the file, which Linux knows."""
    return None


def main() -> None:
    if sys.platform == "linux":
        ctypes.util.find_library = no_library
    # No further than that where its parent stands behind already: it would hardly ever be done.
    os.nice(max(BEHIND - os.nice(0), 0))
    answer, sys.stdout = sys.stdout.buffer, sys.stderr
    for line in sys.stdin:
        fault, content = "", b""
        try:
            content = drawn(json.loads(line))
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"[:200]
        answer.write(json.dumps({"fault": fault, "size": len(content)}).encode() + b"\n" + content)
        answer.flush()


def drawn(page: dict[str, Any]) -> bytes:
    import weasyprint
    from weasyprint.urls import URLFetcher

    # As on a screen: pdf.css says what a PDF wants, and the stylesheet's print rules are for browsers. Nothing is fetched.
    html = weasyprint.HTML(string=page["html"], url_fetcher=URLFetcher(allowed_protocols=["data"]), media_type="screen")
    style = weasyprint.CSS(string=page["css"], media_type="screen")
    pdf: bytes = html.write_pdf(stylesheets=[style], pdf_tags=True)
    return as_png(pdf, page["scale"]) if "scale" in page else pdf


def as_png(pdf: bytes, scale: float) -> bytes:
    """Points to a pixel: `scale`. Raises TwoPages."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    if len(document) != 1:
        raise TwoPages
    drawn: Image.Image = document[0].render(scale=scale).to_pil()
    out = io.BytesIO()
    # Flat colours: a palette halves the bytes and nobody sees it.
    drawn.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
