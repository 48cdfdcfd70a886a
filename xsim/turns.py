"""Which calls something is planned for."""

from dataclasses import dataclass


@dataclass
class Turn:
    """The nth matching call from now, and the following times-1. `route` is a path, or a path's template such as
    /2/users/{id}/tweets."""

    route: str
    nth: int = 1
    times: int = 1
    seen: int = 0

    def comes(self, template: str, path: str) -> bool:
        """Whether it is this call's turn; a call that matches is counted."""
        if self.route not in (template, path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times
