"""Rows inside a page of the admin, so many at once."""

from __future__ import annotations

from typing import Any

from unfold.forms import PaginationInlineFormSet


class PagedRows(PaginationInlineFormSet):
    """The rows of one page are shown; what was sent may be any of them, since others add and delete rows meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            del self._queryset
