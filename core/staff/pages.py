"""What several pages of the admin share: rows that are only looked at, and steps beside the list and the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

# Rows on a page of a list: as many as are loaded on a phone at once.
ROWS = 15


class NothingToSave(ModelAdmin):
    """Rows that are looked at, and decided on by actions: their page offers no Save and takes none.

    `decides`: whether a row's own page has the buttons that decide."""

    decides: ClassVar[bool] = False
    list_per_page = ROWS

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None:
            added: HttpResponse = super().changeform_view(request, None, form_url, extra_context)
            return added
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        hidden = {"show_save": False, "show_save_and_continue": False, **(extra_context or {})}
        page: HttpResponse = super().changeform_view(request, object_id, form_url, hidden)
        return page

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [self._shown(request, field) for field in super().get_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [self._shown(request, field) for field in super().get_readonly_fields(request, obj)]

    def _shown(self, request: HttpRequest, name: Any) -> Any:
        """The field itself; in words only, where its link would lead to a refusal."""
        try:
            field = self.opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            return name
        if not isinstance(field, ForeignKey):
            return name
        to = field.related_model._meta
        may = request.user.has_perm(f"{to.app_label}.{get_permission_codename('view', to)}")
        return name if may else _in_words(field)


@cache
def _in_words(field: Field[Any, Any]) -> Callable[[Model], str]:
    @admin.display(description=field.verbose_name)
    def shown(row: Model) -> str:
        return str(getattr(row, field.name) or "–")

    return shown


class Forgiving(NothingToSave):
    """A list whose actions answer a mangled choice with a word, not with a fault."""

    def _tell(self, request: HttpRequest, number: int, done: Any) -> None:
        self.message_user(request, f"{number}: {done}")

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        try:
            return super().response_action(request, queryset)
        except (ValidationError, ValueError):
            self.message_user(request, _("We could not read this choice. Please choose again."), messages.ERROR)
            return None


class WithSteps(ModelAdmin):
    """Pages of its own, at `<number>/<step>/`. `steps` says which permission each needs: the pages ask it, and so does the table
    of roles (docs/roles.md)."""

    steps: ClassVar[dict[str, str]] = {}

    def may(self, request: HttpRequest, step: str) -> bool:
        return bool(request.user.has_perm(self.steps[step]))

    def require(self, request: HttpRequest, step: str) -> None:
        if not self.may(request, step):
            raise PermissionDenied
