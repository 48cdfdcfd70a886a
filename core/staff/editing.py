"""Pages of the admin on which rows that exist are edited, by several people at once: see core/staff/versions.py."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from core.staff import versions
from core.staff.pages import ROWS
from core.staff.rows import VersionedRows
from core.staff.versions import VersionedForm


@cache
def _with(base: Any, own: Any) -> Any:
    """A class of forms, or of formsets, as it is, upon `base`."""
    return own if issubclass(own, base) else type(own)(own.__name__, (base, own), {})


class Editing(ModelAdmin):
    """An admin whose form, and whose inlines with all their rows, lose nobody's update. It needs nothing of its inlines."""

    change_form_before_template = "staff/before_form.html"
    list_per_page = ROWS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        own: Any = self
        own.form = _with(VersionedForm, own.form)

    def get_inline_instances(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        inlines: list[Any] = super().get_inline_instances(request, obj)
        for inline in inlines:
            inline.form, inline.formset = _with(VersionedForm, inline.form), _with(VersionedRows, inline.formset)
        return inlines

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Locks what is about to be saved, and reads it anew. A page that runs in no transaction, as that of a password, can't."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            try:
                found.refresh_from_db(from_queryset=versions.locked(self.model._base_manager.all()))
            except self.model.DoesNotExist:
                return None
        return found

    def get_inline_formsets(self, request: HttpRequest, formsets: list[Any], *args: Any) -> list[Any]:
        for formset in formsets:
            formset.show_what_was_sent()
        inlines: list[Any] = super().get_inline_formsets(request, formsets, *args)
        return inlines

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, inlines = context["adminform"].form, context["inline_admin_formsets"]
        if form.instance.pk is not None:
            made_from = {"": {"": form.now}} | {row.formset.prefix: row.formset.versions() for row in inlines}
            context["made_from"] = versions.packed(made_from)
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page
