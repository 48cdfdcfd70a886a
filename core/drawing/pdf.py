"""Pages as PDF and as pictures: HTML and the one stylesheet, set by WeasyPrint (core/drawing/pdf_worker.py), which needs Pango from
the system.

Without it nothing else breaks: `available()` is False, and whoever offers a PDF says so.
"""

from __future__ import annotations

import json
import logging
import subprocess  # nosec B404: only our own module is run, without a shell
import sys
import time
from functools import cache
from threading import Lock, Timer
from types import TracebackType

from django.conf import settings

from core.drawing import palette

log = logging.getLogger(__name__)
STYLESHEET = "static/css/pdf.css"
WORKER = [sys.executable, "-m", "core.drawing.pdf_worker"]
# Seconds after which a page is given up: where somebody waits for it, and where nobody does. It stands behind whatever else the
# machine is at, so these are many times what it takes.
LONGEST, UNHURRIED = 40, 150
# Seconds until it is asked again whether pages can be set, after there was no time for an answer.
ASKED_AGAIN = 60.0
# CSS pixels to the points of a PDF.
POINTS = 0.75


class Unprintable(Exception):
    """This page can't be set."""


class Busy(Unprintable):
    """Not in time: another day it may be."""


class Known:
    """What this process knows of its system: nothing yet, or not before `again` (time.monotonic), while one thread is `asking`."""

    works: bool | None = None
    again = 0.0
    asking = Lock()


def available() -> bool:
    """Whether this system can set a page; asked once, by setting one. False too while there is no answer: another thread is asking,
    or the machine was too busy for one, which says nothing of the next minute."""
    if Known.works is None and time.monotonic() >= Known.again and Known.asking.acquire(blocking=False):
        try:
            Known.works = bool(render("<p>Outcry</p>"))
        except Busy:
            Known.again = time.monotonic() + ASKED_AGAIN
        except Unprintable:
            Known.works = False
            log.warning("no PDF: WeasyPrint does not run here; it needs Pango")
        finally:
            Known.asking.release()
    return bool(Known.works)


def find_out() -> None:
    """Asks until there is an answer: for a thread of its own, so that no visitor waits for it."""
    while not available() and Known.works is None:
        time.sleep(max(0.1, Known.again - time.monotonic()))


def forget() -> None:
    """Whoever asks next is answered anew: for tests."""
    Known.works, Known.again = None, 0.0


def render(html: str, longest: float | None = None) -> bytes:
    """A tagged PDF; `longest`: see Press. Nothing is fetched: what the page shows is in it. Raises Unprintable."""
    with Press(longest) as press:
        return press.pdf(html)


def render_png(html: str, longest: float | None = None) -> bytes:
    """The page as a picture, one point for each CSS pixel; `longest`: see Press. Raises Unprintable for what needs a second page."""
    with Press(longest) as press:
        return press.png(html)


class Press:
    """Sets one page after the other: most of the time of a page is what its process needs to begin. After a page that was given up,
    or that its process did not outlive, the next one has a new process."""

    def __init__(self, longest: float | None = None) -> None:
        """`longest`: seconds after which a page is given up, LONGEST where it is not said."""
        self.process: subprocess.Popen[bytes] | None = None
        self.longest = longest or LONGEST

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def pdf(self, html: str) -> bytes:
        """A tagged PDF. Raises Unprintable."""
        return self._set(html)

    def png(self, html: str) -> bytes:
        """The page as a picture, one point for each CSS pixel. Raises Unprintable for what needs a second page."""
        return self._set(html, scale=1 / POINTS)

    def _set(self, html: str, **more: float) -> bytes:
        page = json.dumps({"html": html, "css": palette.stylesheet() + _stylesheet(), **more}).encode()
        began = time.monotonic()
        try:
            process = self.process = self.process or _begin()
            late = Timer(self.longest, process.kill)
            late.start()
            try:
                fault, content = _ask(process, page)
            finally:
                late.cancel()
        except (OSError, ValueError) as error:
            in_time = self.process is not None and time.monotonic() - began < self.longest
            self._end()
            log.warning("a page can't be set: %s %s", type(error).__name__, error)
            raise (Unprintable if in_time else Busy) from error
        if fault:
            log.warning("a page can't be set: %s", fault)
            raise Unprintable
        return content

    def _end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def _begin() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # nosec B603
        WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR
    )


def _ask(process: subprocess.Popen[bytes], page: bytes) -> tuple[str, bytes]:
    """(fault, content), one of them empty. Raises OSError or ValueError when the process ends meanwhile."""
    assert process.stdin and process.stdout
    process.stdin.write(page + b"\n")
    process.stdin.flush()
    head = json.loads(process.stdout.readline())
    content = process.stdout.read(head["size"])
    if len(content) < head["size"]:
        raise ValueError("it ended in the middle")
    return head["fault"], content


@cache
def _stylesheet() -> str:
    return (settings.BASE_DIR / STYLESHEET).read_text()
