"""docs/safety.md names the tests of each requirement, and each test is marked with the requirements that it shows."""

import ast
import re
from collections import defaultdict

from tests.house.sources import ROOT, sources

ROW = re.compile(r"^\| ([SAF]\d+) \|.*$", re.MULTILINE)


def named():
    """{requirement: the tests that its rows name}"""
    found = defaultdict(set)
    for row in ROW.finditer((ROOT / "docs/safety.md").read_text()):
        found[row[1]] |= set(re.findall(r"`(test_\w+)`", row[0]))
    return found


def marked():
    """{requirement: the tests that are marked with it}"""
    found = defaultdict(set)
    for file in sources("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            for number in numbers_of(node):
                found[number].add(node.name)
    return found


def numbers_of(node):
    """The arguments of `@pytest.mark.requirement(…)` above a function."""
    marks = [one for one in getattr(node, "decorator_list", []) if isinstance(one, ast.Call)]
    marks = [one for one in marks if ast.unparse(one.func) == "pytest.mark.requirement"]
    return [argument.value for mark in marks for argument in mark.args]


def test_every_requirement_names_its_tests_and_every_marked_test_is_named():
    assert len(named()) > 40
    assert all(named().values()), "a requirement without a test"
    assert marked() == named()


def test_no_number_hides_in_a_name():
    for file in sources("test_*.py"):
        hidden = re.findall(r"def (test_[saf]\d+_\w+)", file.read_text())
        assert not hidden and not re.match(r"test_[saf]_", file.name), (file.name, hidden)
