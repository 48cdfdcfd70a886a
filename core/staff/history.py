"""What was changed is read in the admin, by whoever may see the object, and written by nobody."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from simple_history.admin import SimpleHistoryAdmin


class ReadOnlyHistory(SimpleHistoryAdmin):
    """The library stores an old version with all that stood in it, past every read-only field: here a version is looked at only."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saves what was changed: a save that changes nothing leaves no entry."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._read(request) or super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return self._read(request) or super().history_form_view(request, object_id, version_id, extra_context)

    def _read(self, request: HttpRequest) -> HttpResponse | None:
        """None for a request that only reads."""
        return None if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])

    def has_change_history_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        if "adminform" in context:
            fieldsets = self.get_fieldsets(request, context["original"])
            shown = flatten_fieldsets(fieldsets)
            context["adminform"] = helpers.AdminForm(context["adminform"].form, fieldsets, {}, shown, model_admin=self)
        if not request.user.has_perm("accounts.view_user"):
            context["admin_user_view"] = ""  # no link: it would lead to a refusal
        response: HttpResponse = super().render_history_view(request, template, context, **kwargs)
        return response
