"""What is to happen on the network right after certain calls."""

from collections.abc import Callable

from xsim.turns import Turn

Action = Callable[[], object]


class Hooks:
    def __init__(self) -> None:
        self._planned: list[tuple[Turn, Action]] = []

    def add(self, turn: Turn, action: Action) -> None:
        self._planned.append((turn, action))

    def due(self, template: str, path: str) -> list[Action]:
        """The actions that follow this call, in the order they were planned."""
        return [action for turn, action in self._planned if turn.comes(template, path)]
