"""Which mutations are tried again after the last full run, in a repository of its own."""

import subprocess

import pytest

from tests.mutate import DATA, changed, homes, node, read
from tests.mutate.__main__ import try_all, verdicts

TABLES = """
[test_one]
requirement = "S1"
file = "app/one.py"
old = "1"
new = "2"

[test_two]
requirement = "S2"
file = "app/two.py"
old = "1"
new = "2"
"""
FILES = {
    DATA: TABLES,
    "conftest.py": "def world():\n    from tests import factories\n",
    "app/one.py": "1",
    "app/two.py": "1",
    "app/tests/__init__.py": "",
    "app/tests/crowd.py": "from .world import anything\n",
    "app/tests/world.py": "anything = 1",
    "app/tests/test_one.py": "from app import one\n\n\ndef test_one(): ...\n",
    "tests/__init__.py": "",
    "tests/factories.py": "",
    "tests/login.py": "",
    "tests/settings.py": "",
    "tests/safety/test_s.py": "from app.tests import crowd\n\n\ndef test_two(): ...\n",
}


def git(folder, *words):
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    return git(folder, "rev-parse", "HEAD")


def put(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def selected(folder, noted):
    mutations = read((folder / DATA).read_text())
    return [mutation.test for mutation in changed.select(folder, mutations, noted)]


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet")
    for name, text in FILES.items():
        put(tmp_path, name, text)
    return tmp_path


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize(
    ("name", "tried"),
    [
        ("README.md", []),
        ("app/three.py", []),
        ("tests/login.py", []),
        ("app/one.py", ["test_one"]),
        ("app/tests/test_one.py", ["test_one"]),
        ("app/tests/crowd.py", ["test_two"]),
        ("app/tests/world.py", ["test_two"]),
        ("tests/safety/conftest.py", ["test_two"]),
        ("conftest.py", ["test_one", "test_two"]),
        ("tests/factories.py", ["test_one", "test_two"]),
        ("tests/settings.py", ["test_one", "test_two"]),
    ],
)
def test_those_are_tried_whose_files_differ_from_the_noted_commit(repository, name, tried, is_committed):
    noted = commit(repository)
    before = FILES.get(name, "")
    put(repository, name, before + "\n# otherwise\n")
    if is_committed:
        commit(repository)
    assert selected(repository, noted) == tried


def test_nothing_is_tried_where_nothing_differs_and_what_went_back_differs_no_more(repository):
    noted = commit(repository)
    put(repository, "app/one.py", "3")
    commit(repository)
    put(repository, "app/one.py", FILES["app/one.py"])
    commit(repository)
    assert selected(repository, noted) == []


def test_where_nothing_is_to_be_tried_nothing_fails():
    assert try_all([]) == 0


def test_what_is_near_to_a_change_is_tried_first(repository):
    noted = commit(repository)
    put(repository, "tests/settings.py", "# otherwise\n")
    assert selected(repository, noted) == ["test_one", "test_two"]
    put(repository, "app/two.py", "3")
    assert selected(repository, noted) == ["test_two", "test_one"]


def test_none_is_begun_after_its_time():
    wanted = read(TABLES)
    nodes = {mutation.test: "" for mutation in wanted}
    assert [verdict for _, verdict, _ in verdicts([None], wanted, nodes, until=0)] == ["left"] * len(wanted)


def test_a_mutation_that_reads_otherwise_or_is_new_is_tried(repository):
    put(repository, DATA, TABLES.split("\n\n")[0])
    noted = commit(repository)
    put(repository, DATA, TABLES)
    assert selected(repository, noted) == ["test_two"]
    noted = commit(repository)
    put(repository, DATA, TABLES.replace('new = "2"', 'new = "3"', 1))
    assert selected(repository, noted) == ["test_one"]


def test_all_are_tried_where_the_file_of_mutations_is_new(repository):
    (repository / DATA).unlink()
    noted = commit(repository)
    put(repository, DATA, TABLES)
    assert selected(repository, noted) == ["test_one", "test_two"]


def test_a_clone_without_the_commit_says_so(repository, tmp_path_factory):
    noted = commit(repository)
    put(repository, "README.md", "x")
    commit(repository)
    shallow = tmp_path_factory.mktemp("shallow")
    git(shallow, "clone", "--quiet", "--depth", "1", f"file://{repository}", ".")
    with pytest.raises(LookupError, match=noted):
        selected(shallow, noted)


def test_a_test_is_written_in_one_file(repository):
    put(repository, "app/tests/test_again.py", FILES["app/tests/test_one.py"])
    with pytest.raises(LookupError, match="test_one is written in 2 files"):
        homes(repository, read(TABLES))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def test_it():\n    pass", "test_x.py::test_it"),
        ("class TestAll:\n    def test_it(self):\n        pass", "test_x.py::TestAll::test_it"),
    ],
)
def test_a_test_is_called_as_pytest_calls_it(text, name):
    assert node("test_x.py", text, "test_it") == name
