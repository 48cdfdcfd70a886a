"""What the documents say is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]


def test_every_variable_is_in_the_settings_page_and_nothing_else():
    read = set(re.findall(r'env\.read\(\s*"(\w+)"', (ROOT / "config/settings.py").read_text()))
    described = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert len(read) > 12
    assert described == read


@pytest.mark.parametrize("name", ["X_POLL_SECONDS", "X_POSTS_PER_DAY", "X_API_BASE"])
def test_defaults_in_the_settings_page_are_the_real_ones(name):
    default = re.search(
        rf'{name} = env\.read\(\s*"{name}", [\w.]+, "?([^",]+)"?,', (ROOT / "config/settings.py").read_text()
    ).group(1)
    row = re.search(rf"^\| `{name}` \|.*$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE).group()
    assert f"`{default}`" in row


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCS:
        for named in re.findall(r"`make ([\w-]+)", document.read_text()):
            assert named in targets, (document.name, named)


def test_every_link_leads_somewhere():
    for document in DOCS:
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
            if not link.startswith(("http", "mailto")):
                assert (document.parent / link).exists(), (document.name, link)


def test_the_map_of_the_house_names_every_folder():
    readme = (ROOT / "README.md").read_text()
    for folder in ROOT.iterdir():
        if folder.is_dir() and any(folder.glob("*.py")) and folder.name not in ("var",):
            assert f"{folder.name}/" in readme, folder.name


def test_every_mutation_finds_its_line_and_its_test():
    """`make mutate` takes minutes; that a line has moved is seen here at once."""
    from tests.mutate import mutations

    tests = "".join(file.read_text() for file in ROOT.rglob("test_*.py") if ".venv" not in file.parts)
    assert len(mutations()) > 40
    for mutation in mutations():
        file = ROOT / mutation.file
        assert file.exists(), mutation
        assert mutation.old.replace("\\n", "\n") in file.read_text(), mutation
        assert f"def {mutation.test}(" in tests, mutation
