"""`make runbooks` gives the commands of docs/many-hosts.md, and of the pages that it sends to, and no others: they are what was tried."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from types import ModuleType

from tests.hosts import runbooks, shell


def given(module: ModuleType) -> set[str]:
    """What a shell is given there, on any host."""
    tree = ast.parse(module.__loader__.get_source(module.__name__))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    words = [call.args[1] for call in calls if call.func.attr in ("on", "until")]
    return {str(one.value) if isinstance(one, ast.Constant) else getattr(module, ast.unparse(one)) for one in words}


def commands() -> set[str]:
    modules = [
        importlib.import_module(f"tests.hosts.runbooks.{found.name}")
        for found in pkgutil.iter_modules(runbooks.__path__)
    ]
    return set().union(*map(given, modules))


def test_every_command_of_the_runbooks_is_on_the_page():
    assert len(commands()) > 40
    assert [command for command in sorted(commands()) if not shell.stands(command)] == []


def test_the_commands_of_root_are_those_that_the_page_puts_into_its_bashrc():
    for word in ("ETCDCTL_ENDPOINTS", "patronictl()", "sentinel()"):
        assert word in shell.bashrc()
