"""What the documents say is so."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from simple_history.models import HistoricalChanges

from tests.house.sources import ROOMS, sources
from tests.mutate import homes, mutations, page

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


def test_every_path_that_has_an_owner_exists():
    lines = (ROOT / "CODEOWNERS").read_text().splitlines()
    owned = [line.split()[0] for line in lines if line.startswith("/")]
    assert len(owned) > 5
    for path in owned:
        assert (ROOT / path.strip("/")).exists(), path
        assert (ROOT / path.strip("/")).is_dir() == path.endswith("/"), path


def test_a_command_of_the_site_is_given_full_paths():
    """`outcry` runs elsewhere, and as somebody who can't look into the folder of whoever types it."""
    files = []
    for document in DOCS:
        for arguments in re.findall(
            r"\boutcry (?:add_language|trace_export|restore|replay_journal)\b([^`\n#>]*)", document.read_text()
        ):
            files += [word for word in arguments.split() if re.search(r"\.(?:po|csv|age|txt)$", word)]
    assert len(files) >= 4
    assert [file for file in files if not file.startswith("/")] == []


def test_hooks_before_a_commit_are_local():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert set(re.findall(r"repo: (.*)", hooks)) == {"local"}
    assert set(re.findall(r"language: (.*)", hooks)) == {"system"}


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


def test_the_glossary_names_every_model_and_where_it_lives():
    named = re.findall(r"`(\w+)` in `([\w/.]+)`", (ROOT / "docs/glossary.md").read_text())
    models = [
        (model.__name__, model.__module__.replace(".", "/") + ".py")
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ROOMS and not issubclass(model, HistoricalChanges)
    ]
    assert len(models) > 50
    assert sorted(named) == sorted(models)


def test_the_glossary_has_every_word_once_and_names_files_that_exist():
    text = (ROOT / "docs/glossary.md").read_text()
    words = [word for row in re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE) for word in row.split(", ")]
    words = [word for word in words if word != "word"]
    assert len(words) > 70
    assert len(words) == len(set(words))
    assert [name for name in re.findall(r"`([\w/]+\.py)`", text) if not (ROOT / name).exists()] == []


def test_the_map_of_the_house_names_every_folder():
    readme = (ROOT / "README.md").read_text()
    for folder in ROOT.iterdir():
        if folder.is_dir() and any(folder.glob("*.py")) and folder.name not in ("var",):
            assert f"{folder.name}/" in readme, folder.name


def test_every_mutation_finds_its_line_and_its_test():
    """`make mutate` takes minutes; that a line has moved is seen here at once."""
    found = mutations()
    assert len(found) > 40
    assert homes(ROOT, found).keys() == {mutation.test for mutation in found}
    for mutation in found:
        file = ROOT / mutation.file
        assert file.exists(), mutation
        assert file.read_text().count(mutation.old) == 1, mutation
        assert mutation.new != mutation.old, mutation
        if file.suffix == ".py":  # what is no Python would be red for no reason
            compile(file.read_text().replace(mutation.old, mutation.new), mutation.file, "exec")


def test_every_row_of_the_safety_page_has_a_mutation_and_shows_it():
    """`make mutate ARGS=--write-docs` writes the column."""
    text = (ROOT / page.PAGE).read_text()
    assert sorted(page.rows(text)) == sorted((mutation.requirement, mutation.test) for mutation in mutations())
    assert len(page.rows(text)) == len(re.findall(r"^\| [SAF]\d", text, re.MULTILINE))
    assert page.written(text, mutations()) == text, "stale: make mutate ARGS=--write-docs"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("    a\n    b", r"`a\nb`"),
        ("{{ name|safe }}", r"`{{ name\|safe }}`"),
        ("a `b` c", "``a `b` c``"),
        ("", "nothing"),
    ],
)
def test_code_fits_into_a_cell_of_a_table(text, shown):
    assert page.code(text) == shown


FILE = re.compile(
    rf"(?<![\w/.<-])((?:{'|'.join(sorted([*ROOMS, 'config', 'tests', 'static', 'deploy']))})/[\w/-]+\.(?:py|css|js|conf))\b"
)


def test_every_file_that_a_comment_names_exists():
    """In code; of the documents extending.md names files to be made, and has a test of its own."""
    own = [path for path in sources("*.py") if "tests" not in path.parts]
    named = [(path.name, file) for path in own for file in FILE.findall(path.read_text())]
    assert len(named) > 40
    assert [one for one in named if not (ROOT / one[1]).exists()] == []
