"""Lists whose rows wait for a decision: it is made by an action, or by one key (static/js/admin-queue.js)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin


class ByKeyboard(ModelAdmin):
    """`keys`: {key: the action that it runs on what is chosen, else on the row in focus}; J, K, U and X are taken."""

    keys: ClassVar[dict[str, str]] = {}
    list_before_template = "staff/queue.html"

    class Media:
        js = ("js/admin-queue.js",)
        css = {"all": ("css/admin-progress.css",)}

    def queue_keys(self, request: HttpRequest) -> list[tuple[str, str, str]]:
        """Returns (key, action, what it does) of each action that the reader may take."""
        actions = self.get_actions(request)
        return [(key, name, actions[name][2]) for key, name in self.keys.items() if name in actions]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        queue = {"queue_keys": self.queue_keys(request), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, queue)
        return page
