import subprocess
import sys
import time

import pytest

from core.drawing import pdf

# Answers each page with its length; one that says so is the last.
COUNTS = """
import json, sys, time
for line in sys.stdin:
    html = json.loads(line)["html"]
    if "dies" in html: sys.exit(3)
    if "hangs" in html: time.sleep(60)
    said = str(len(html))
    print(json.dumps({"fault": "", "size": len(said)}) + "\\n" + said, end="", flush=True)
"""


@pytest.fixture
def counting(monkeypatch):
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", COUNTS])


def test_one_process_sets_page_after_page(counting):
    with pdf.Press() as press:
        assert press.png("abc") == b"3"
        first = press.process
        assert press.pdf("é" * 100_000) == b"100000"
        assert press.process is first
    assert first.returncode is not None


@pytest.mark.parametrize(("page", "error"), [("dies", pdf.Unprintable), ("hangs", pdf.Busy)])
def test_after_a_page_that_its_process_did_not_outlive_comes_a_new_one(counting, monkeypatch, page, error):
    monkeypatch.setattr(pdf, "LONGEST", 2)
    with pdf.Press() as press:
        assert press.pdf("a") == b"1"
        with pytest.raises(pdf.Unprintable) as raised:
            press.pdf(page)
        assert raised.type is error
        assert press.pdf("ab") == b"2"


def test_who_does_not_read_is_given_up_in_time_too(monkeypatch):
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(pdf, "LONGEST", 1)
    began = time.monotonic()
    with pytest.raises(pdf.Busy):
        pdf.render("x" * 1_000_000)
    assert time.monotonic() - began < 10


def test_what_can_not_be_started_may_be_another_time(monkeypatch):
    monkeypatch.setattr(pdf, "WORKER", ["/nowhere"])
    with pytest.raises(pdf.Busy):
        pdf.render("x")


def test_a_busy_moment_says_nothing_of_the_next_one(counting, monkeypatch):
    works = pdf.WORKER
    pdf.forget()
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(pdf, "LONGEST", 0.3)
    assert not pdf.available()
    monkeypatch.setattr(pdf, "LONGEST", 40)
    monkeypatch.setattr(pdf, "WORKER", works)
    assert not pdf.available(), "nobody waits for an answer twice in a minute"
    monkeypatch.setattr(pdf.Known, "again", 0.0)
    assert pdf.available()
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", "raise ValueError"])
    assert pdf.available()
    pdf.forget()
    assert not pdf.available()
    monkeypatch.setattr(pdf, "WORKER", works)
    assert not pdf.available(), "what does not run here will not"
    pdf.forget()


def test_who_finds_out_asks_until_there_is_an_answer(counting, monkeypatch):
    pdf.forget()
    monkeypatch.setattr(pdf.Known, "again", time.monotonic() + 0.3)
    pdf.find_out()
    assert pdf.Known.works is True
    pdf.forget()


def test_nobody_waits_for_the_answer_that_another_thread_awaits(counting, monkeypatch):
    pdf.forget()
    with pdf.Known.asking:
        assert not pdf.available()
    assert pdf.available()
    pdf.forget()


@pytest.mark.parametrize("parent", [0, 3, 5])
def test_a_page_stands_behind_whoever_signs_and_not_twice(parent):
    """Its parent may stand behind them already."""
    code = f"import os; os.nice(max({parent} - os.nice(0), 0)); from core.drawing import pdf_worker; pdf_worker.main(); print(os.nice(0))"
    done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.stderr.split() == ["5"]
