"""`make runbooks` gives the commands of docs/many-hosts.md and no others: the page is what was tried."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.hosts import runbooks, shell


def commands() -> set[str]:
    """What a shell of `runbooks` is given, on any host."""
    calls = [node for node in ast.walk(ast.parse(Path(runbooks.__file__).read_text())) if isinstance(node, ast.Call)]
    given = [
        call.args[1] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in ("on", "until")
    ]
    return {str(one.value) if isinstance(one, ast.Constant) else getattr(runbooks, ast.unparse(one)) for one in given}


def test_every_command_of_the_runbooks_is_on_the_page():
    assert len(commands()) > 25
    assert [command for command in sorted(commands()) if not shell.stands(command)] == []


def test_the_commands_of_root_are_those_that_the_page_puts_into_its_bashrc():
    for word in ("ETCDCTL_ENDPOINTS", "patronictl()", "sentinel()"):
        assert word in shell.bashrc()
