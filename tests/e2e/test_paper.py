"""The report as a PDF that one may attach: its words, its figures, its size, in both directions."""

from __future__ import annotations

import ctypes
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from core.drawing import palette, pdf
from demo import campaigns as data
from tests.html import Html

CLOSED = data.BAHRAIN
NEWS = f"""
import django; django.setup()
from campaigns import mailing
from campaigns.models import Update
mailing.begin(Update.objects.get(campaign__slug="{data.EXAMPLE.slug}", title="The first thousand"))
"""


def asked(site, language, slug, remote):
    """From an address of its own: nobody has more than a few reports made a minute."""
    return urllib.request.Request(f"{site.url}{language}/c/{slug}/progress.pdf", headers={"X-Forwarded-For": remote})


def report(site, language=""):
    with urllib.request.urlopen(asked(site, language, CLOSED, "2001:db8:66::1")) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        return answer.read()


def words(content):
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document), document


@pytest.mark.parametrize("language", ["", "/fr"])
def test_the_report_has_every_figure_with_its_definition(site, language):
    content = report(site, language)
    text, document = words(content)
    assert 2 <= len(document) <= 8
    assert len(content) < 400_000
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    for figure in ("16,483", "4,238", "82%", "84%", "11,609") if not language else ("16\u00a0483", "4\u00a0238"):
        assert figure.replace("\u00a0", " ") in text.replace("\u00a0", " "), figure
    if not language:
        for part in (
            "Confirmed with the button behind a mailed link",
            "Assistant Secretary Posner",
            "Milestones",
            "United States",
            "As of",
        ):
            assert part in text, part
    # Tagged, so that a screen reader has headings and tables; and it says its language.
    assert pdfium.FPDFCatalog_IsTagged(document.raw)
    said = ctypes.create_string_buffer(16)
    pdfium.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(said, ctypes.POINTER(ctypes.c_ushort)), 16)
    assert said.raw.decode("utf-16-le").strip("\0") == (language.strip("/") or "en")


def test_the_cover_says_whose_it_is_of_which_days_and_as_of_when(site):
    text, document = words(report(site))
    first = " ".join(document[0].get_textpage().get_text_range().split())
    organiser = "Amnesty International USA (retold)"
    assert f"Progress report · {organiser} · 9–30 Jun 2011 · As of " in first
    assert "16,483 of 20,000 people signed: the goal was not met." in first
    assert "Next milestone" not in text
    # No page has a line or two that belong to the one before: the header, the number of the page, and a section. The map is one too.
    for page in document:
        said = page.get_textpage().get_text_range()
        assert len(said.splitlines()) > 5 or "On the map" in said


def test_every_swatch_of_the_map_is_printed(site):
    _, document = words(report(site))
    page = next(page for page in document if "On the map" in page.get_textpage().get_text_range())
    picture = page.render(scale=3).to_pil().convert("RGB")
    counts = {colour: count for count, colour in picture.getcolors(1 << 24)}
    accent = tuple(bytes.fromhex(palette.light("accent", "red").removeprefix("#")))
    for place in range(1, 6):
        wanted = tuple(255 - (255 - one) * place / 5 for one in accent)
        near = [colour for colour in counts if all(abs(a - b) <= 3 for a, b in zip(colour, wanted, strict=True))]
        # A swatch is 5 by 3.5 mm.
        assert sum(counts[colour] for colour in near) > 500, place


def test_the_arabic_report_is_set_from_the_right(site):
    document = pypdfium2.PdfDocument(report(site, "/ar"))
    picture = document[0].render(scale=1).to_pil().convert("L")
    text, _ = words(report(site, "/ar"))
    assert re.search(r"[\u0600-\u06ff\ufb50-\ufefc]{3,}", text)
    inked = [sum(picture.getpixel((x, y)) < 128 for y in range(60, 780)) for x in range(picture.width)]
    assert sum(inked[-120:-50]) > sum(inked[50:120])


def test_only_one_report_is_set_at_a_time_and_the_others_are_told(site):
    def ask(language):
        try:
            return urllib.request.urlopen(asked(site, language, data.EXAMPLE.slug, "2001:db8:67::1")).status
        except urllib.error.HTTPError as error:
            return error.code if error.headers["Retry-After"] == "5" else 0

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(ask, ["", "/ar", "/fr", "/es"]))
    assert answers[0] == 200
    assert set(answers) <= {200, 503}
    assert 503 in answers


def test_a_mail_of_news_carries_the_meter_with_it(site, page):
    """Signed in Arabic, with news wanted; staff mail an update; what comes is readable with and without pictures."""
    page.goto(f"{site.url}/ar/c/{data.EXAMPLE.slug}/")
    page.fill("#id_name", "سلمى")
    page.fill("#id_email", "salma@example.org")
    page.select_option("#id_country", "BH")
    page.click("#sign-form button[type=submit]")
    page.goto(site.link_in_mail_to("salma@example.org", "confirm"))
    page.check("#id_updates")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/act/**")
    site.processes.run("news", "-c", NEWS)
    site.link_in_mail_to("salma@example.org", "unsubscribe")
    envelope = [one for one in site.mailbox.received if one.rcpt_tos == ["salma@example.org"]][-1]
    mail = message_from_bytes(envelope.content, policy=policy.default)
    html = mail.get_body(("html",)).get_content()
    assert '<html lang="ar" dir="rtl"' in html
    assert "الألف الأولى" in html
    assert set(Html(html).values("[src]", "src")) <= {"cid:meter"}
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<meter>"
    image = Image.open(BytesIO(picture.get_content()))
    assert image.width > 1000 and len(picture.get_content()) < 30_000
    assert re.search(r"\d", Html(html).one("img")["alt"])
    # All but the colours of the night stands at its element.
    assert "style=" in html and Html(html).one("style").text.startswith("@media (prefers-color-scheme: dark)")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


PICTURE = "<style>@page { size: 90pt 60pt; margin: 0 } body { margin: 0 }</style><p>One</p>"


def test_a_fault_of_one_page_is_its_own():
    with pdf.Press() as press:
        with pytest.raises(pdf.Unprintable):
            press.png(PICTURE + '<p style="break-before: page">Two</p>')
        process = press.process
        assert press.png(PICTURE).startswith(b"\x89PNG")
        assert press.pdf(PICTURE).startswith(b"%PDF")
        assert press.process is process
