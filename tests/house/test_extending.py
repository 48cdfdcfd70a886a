"""docs/extending.md is walked: its examples are applied to a copy of the house, and what comes out is looked at."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.db import connection

from tests.house.sources import ROOT

PAGE = ROOT / "docs/extending.md"
SECTIONS = ["A language", "A network", "An outcome", "A safety level", "A figure", "A mail", "A periodic task"]
PATH = re.compile(r"`((?:[\w*-]+/)+[\w.-]*)`")
BLOCK = re.compile(r"^   ```(\w+)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    """`kind` of its example: "diff", or what the new file is written in; "" without one."""

    path: str
    kind: str = ""
    example: str = ""


def sections():
    parts = re.split(r"^## (.*)\n", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(text):
    for step in re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]:
        path, block = PATH.match(step), BLOCK.search(step)
        assert path, f"a step begins with its path: {step[:60]}"
        yield Step(path[1], block[1], re.sub("^   ", "", block[2], flags=re.MULTILINE)) if block else Step(path[1])


def apply(step, house):
    file = house / step.path
    if step.kind == "diff":
        text = file.read_text()
        for hunk in step.example.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            old, new = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
            assert text.count(old) == 1, f"{step.path} should have this once:\n{old}"
            text = text.replace(old, new)
        file.write_text(text)
    elif step.kind:
        assert not file.exists(), f"{step.path} is there already"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.example)


def copy_house(folder):
    """All that is in the repository, as it is here now."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(lambda name: (ROOT / name).is_file(), names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)


def compile_messages(house):
    for file in (house / "locale").rglob("*.po"):
        with file.open("rb") as source, file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(source))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy to which every example is applied."""
    house = tmp_path_factory.mktemp("house")
    copy_house(house)
    for text in sections().values():
        for step in steps(text):
            apply(step, house)
    compile_messages(house)
    return house


@pytest.fixture(scope="module")
def seen(house, django_db_setup):
    """What it shows, by section; from this database, which it leaves as it was."""
    own = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    # The settings under test have chosen this worker's Valkey already.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    variables |= {"DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    looks = [sys.executable, "-m", "tests.house.extended"]
    run = subprocess.run(looks, cwd=house, env=variables, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-4_000:]
    return json.loads(run.stdout)


def test_there_is_a_section_for_each():
    assert list(sections()) == SECTIONS
    for name, text in sections().items():
        assert any(step.kind for step in steps(text)), name


def test_every_path_that_is_named_exists(house):
    for name, text in sections().items():
        for path in PATH.findall(text):
            assert any(house.glob(path)), (name, path)


def test_what_was_added_is_good_python(house):
    """Formatted and free of faults, as `make lint` wants it."""
    changed = {step.path for text in sections().values() for step in steps(text) if step.path.endswith(".py")}
    files = [house / path for path in sorted(changed)]
    for command in (["format", "--check"], ["check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *files], cwd=house, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout


def test_a_language(seen):
    assert seen["a language"] == {
        "html": ["pt", "ltr"],
        "day": "15 de Junho de 2026",
        "word": "em aberto",
        "linked as": "Português",
    }


def test_a_network(seen):
    assert seen["a network"] == {
        "buttons": ["Bluesky", "Threads", "Example", "Mastodon", "Anywhere else: copy the text"],
        "weighed": "700",
        "form-action": [
            "'self'", "https://x.com", "https://bsky.app", "https://www.threads.com", "https://social.example",
            "https://wa.me", "https://t.me", "sms:", "mailto:",
        ],
        "leads to": "https://social.example/share?text=a%20b%0Ahttp%3A%2F%2Ftestserver%2Fc%2Friver%2Ffrom%2Fexample%2F",
        "choices": ["X", "Bluesky", "Threads", "Example", "Mastodon", "elsewhere"],
        "pledged": "Example",
        "others refused": True,
    }  # fmt: skip


def test_an_outcome(seen):
    assert seen["an outcome"] == {
        "class": "state decided answered",
        "word": "decided in parliament",
        "data": "decided",
        "result": "partly",
        "others refused": True,
    }


def test_a_safety_level(seen):
    assert seen["a safety level"] == {
        "days": 60,
        "order": ["standard", "elevated", "grave", "high"],
        "advised": True,
        "told": True,
        "others refused": True,
    }


def test_a_figure(seen):
    definition = "Demands that were given an answer of any kind."
    assert seen["a figure"] == {"data": 1, "row": ["1", definition], "page": "1"}


def test_a_mail(seen):
    assert seen["a mail"] == {
        "to": ["ana@example.org"],
        "subject": "Thank you",
        "says": [True, "Thank you."],
        "written by": "public.mails.thanks",
        "marked": True,
        "scheduled": [10, 600, 610],
    }


def test_a_periodic_task(seen):
    """While another worker has the turn, it does nothing."""
    assert seen["a periodic task"] == {"due": [1, 1, 0], "scheduled": [60, 60, 70]}
