"""What is run for every change and what by night, and when a night counts as a full run."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests import nightly
from tests.mutate.__main__ import changed_of

ROOT = Path(settings.BASE_DIR)
SAID = "collected\n= 7 passed, 1 deselected in 3s ="


def git(folder, *words):
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("var/\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/safety.md").write_text("x")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    return tmp_path


def green(name):
    return 0, SAID


def red(name):
    return 2, "= 1 failed, 6 passed, 1 error in 3s ="


def test_a_full_run_is_written_when_every_stage_was_green(repository):
    assert nightly.last_full(repository) == {}
    assert nightly.run(repository, list(nightly.STAGES), green)
    assert "A full run of" in nightly.finish(repository)
    record = nightly.last_full(repository)
    assert record["commit"] == git(repository, "rev-parse", "HEAD")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", record["date"])
    assert record["cores"] > 0
    assert re.match(r"3\.\d+", record["python"])
    assert tuple(record["stages"]) == nightly.STAGES
    assert record["stages"]["long"] == {"green": True, "seconds": 0, "passed": 7, "failed": 0, "runs": 1}
    assert record["stages"]["lint"] == {"green": True, "seconds": 0, "runs": 1}
    assert nightly.is_committed(repository)  # the record itself is committed after it


def test_stages_add_up_at_one_commit(repository):
    nightly.run(repository, list(nightly.STAGES[:5]), green)
    assert "stays as it is" in nightly.finish(repository)
    assert nightly.last_full(repository) == {}
    nightly.run(repository, list(nightly.STAGES[5:]), green)
    nightly.finish(repository)
    assert tuple(nightly.last_full(repository)["stages"]) == nightly.STAGES


def test_stages_that_end_in_another_shell_meanwhile_are_kept(repository):
    def long(name):
        nightly.run(repository, ["mutate"], green)
        return green(name)

    nightly.run(repository, ["test"], long)
    assert set(nightly.unfinished(repository)["stages"]) == {"test", "mutate"}


def test_stages_of_two_commits_do_not_add_up(repository):
    nightly.run(repository, list(nightly.STAGES[:5]), green)
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "y")
    nightly.run(repository, list(nightly.STAGES[5:]), green)
    assert re.search(r"lint +not run", nightly.finish(repository))
    assert nightly.last_full(repository) == {}


def test_a_red_stage_makes_no_full_run_and_its_second_run_is_told(repository):
    asked = []
    assert not nightly.run(repository, list(nightly.STAGES), lambda name: asked.append(name) or red(name))
    assert asked == list(nightly.STAGES)
    assert re.search(r"mutate +RED +0 s  6 passed  2 failed", nightly.finish(repository))
    assert nightly.last_full(repository) == {}
    nightly.run(repository, list(nightly.STAGES), green)
    nightly.finish(repository)
    assert {stage["runs"] for stage in nightly.last_full(repository)["stages"].values()} == {2}


def test_an_older_full_run_stays_until_there_is_a_new_one(repository):
    nightly.run(repository, list(nightly.STAGES), green)
    nightly.finish(repository)
    before = nightly.last_full(repository)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "the record")
    nightly.run(repository, ["lint"], green)
    nightly.finish(repository)
    assert nightly.last_full(repository) == before


@pytest.mark.parametrize("name", ["docs/safety.md", "docs/new.md"])
def test_what_is_not_committed_is_no_commits_run(repository, name, capsys):
    assert nightly.is_committed(repository)
    (repository / name).write_text("otherwise")
    assert not nightly.is_committed(repository)
    assert name in capsys.readouterr().out


def test_words_on_the_command_line_do_not_narrow_a_night(tmp_path, monkeypatch):
    (tmp_path / "Makefile").write_text("ARGS ?= none\nlong:\n\t@echo long $(ARGS) $$HOSTILE_REQUESTS; exit 3\n")
    monkeypatch.setattr(nightly, "ROOT", tmp_path)
    monkeypatch.setenv("MAKEFLAGS", " -- ARGS=few")
    monkeypatch.setenv("ARGS", "few")
    monkeypatch.setenv("HOSTILE_REQUESTS", "1")
    code, printed = nightly.make("long")
    assert code == 2
    assert printed.startswith("long none\n")


def test_without_a_full_run_every_mutation_is_tried(monkeypatch, tmp_path, capsys):
    from tests.mutate import __main__, mutations

    monkeypatch.setattr(__main__, "last_full", lambda root: {})
    assert changed_of(mutations()) == mutations()
    monkeypatch.setattr(__main__, "last_full", lambda root: {"commit": "0" * 40})
    assert changed_of(mutations()) == mutations()
    assert "is not in this clone" in capsys.readouterr().out


def test_a_record_that_is_kept_is_that_of_a_full_run():
    path = ROOT / nightly.RECORD
    record = json.loads(path.read_text()) if path.exists() else None
    # Stages that came since were not yet part of it.
    assert record is None or set(record["stages"]) <= set(nightly.STAGES)
    assert record is None or all(stage["green"] for stage in record["stages"].values())


def targets():
    return re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE).group(1).split()


def test_help_lists_every_target():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert sorted(re.findall(r"^make ([\w-]+)", said, re.MULTILINE)) == sorted(set(targets()) - {"help"})


def test_the_stages_of_a_night_are_targets_and_the_documents_name_them_all():
    assert set(nightly.STAGES) < set(targets())
    described = re.search(r"`make nightly`[^.]*", (ROOT / "CONTRIBUTING.md").read_text()).group()
    assert all(stage in described for stage in nightly.STAGES)
    helped = re.search(r"make nightly .*", (ROOT / "Makefile").read_text()).group()
    assert all(stage in helped for stage in nightly.STAGES)


def test_every_change_runs_what_the_documents_say():
    stages = re.findall(r"^stage (.+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    described = re.search(r"`\.ci/run`[^:]*: (.*?)\.\s", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL).group(1)
    assert re.findall(r"`make ([^`]+)`", described) == [stage for stage in stages if stage != "install"]
    assert [stage.split()[0] for stage in stages] == [
        "install",
        "lint",
        "test",
        "timing",
        "e2e",
        "hostile",
        "drill",
        "mutate",
    ]
